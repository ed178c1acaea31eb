from __future__ import annotations

from django.conf import settings
from django.db import models

from common.drafts import Stored


class BoardPicture(Stored):
    """The data of a picture on somebody's boards, once however many boards and revisions show it.
    One that none shows any more is removed at night."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="board_pictures",
        db_index=False,
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of the data.")
    data = models.TextField(help_text="The data URL as the browser sent it.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="one_picture_per_content")
        ]

    def __str__(self) -> str:
        return f"{self.digest[:12]}, {self.stored_bytes} bytes"
