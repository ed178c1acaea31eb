from __future__ import annotations

from django.conf import settings
from django.db import models


class StoredKind(models.TextChoices):
    """The columns of `StorageUse`."""

    ANSWERS = "answers", "Answers, tries and earlier versions"
    BOARDS = "boards", "Boards and earlier boards"
    PICTURES = "pictures", "Pictures on boards"
    EVIDENCE = "evidence", "Evidence"


class StorageUse(models.Model):
    """How many bytes a person has stored, by kind. Each change of stored rows adds its difference
    here first and thereby holds this row to its end; `recount_storage` says the same from the rows.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="storage",
    )
    answers = models.BigIntegerField(default=0)
    boards = models.BigIntegerField(default=0)
    pictures = models.BigIntegerField(default=0)
    evidence = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "storage in use"
        verbose_name_plural = "storage in use"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.total} bytes"

    @property
    def by_kind(self) -> dict[str, int]:
        return {kind: getattr(self, kind) for kind in StoredKind.values}

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())
