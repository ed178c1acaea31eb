from __future__ import annotations

from django.conf import settings
from django.db import models

from common.db.plain_json import PlainEncoder


class Trash(models.Model):
    """Deleted rows as JSON, for undo; swept after seven days."""

    class Kind(models.TextChoices):
        SKILL = "skill", "Skill"
        LOG = "practice_log", "Practice log"
        EVIDENCE = "evidence", "Evidence"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tracking_trash"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    object_id = models.BigIntegerField()
    # Snapshots, parents first (in older rows lists of columns by kind).
    rows = models.JSONField(encoder=PlainEncoder)
    stored_bytes = models.PositiveBigIntegerField(
        default=0,
        help_text="What its rows take as JSON; a person's deletions together are bounded.",
    )
    deleted_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "trash"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="deleted_once_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
