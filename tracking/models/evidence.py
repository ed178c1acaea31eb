from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.drafts import Stored
from tracking.querysets import EvidenceQuerySet


class Evidence(Stored):
    """Proof or material: a link, a note, or what is known about a screenshot kept elsewhere.

    It belongs to a skill; to one practice log of that skill as well when `log` is set. No file is
    ever stored here.
    """

    class Type(models.TextChoices):
        LINK = "link", "Link"
        NOTE = "note", "Note"
        SCREENSHOT = "screenshot", "Screenshot"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="evidence",
        db_index=False,
    )
    skill = models.ForeignKey(
        "tracking.Skill", on_delete=models.CASCADE, related_name="evidence", db_index=False
    )
    log = models.ForeignKey(
        "tracking.PracticeLog",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
    )
    evidence_type = models.CharField(max_length=10, choices=Type.choices)
    title = models.CharField(max_length=200, blank=True, default="")
    content = models.TextField(blank=True, default="")
    filename = models.CharField(max_length=255, blank=True, default="")
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    uploaded_at = models.DateTimeField(null=True, blank=True)
    storage_url = models.CharField(max_length=2000, blank=True, default="")
    created_at = models.DateTimeField()

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=(Q(evidence_type="screenshot") & ~Q(filename=""))
                | (Q(evidence_type__in=["link", "note"]) & ~Q(content="")),
                name="evidence_has_its_content",
            )
        ]
        indexes = [
            models.Index(fields=["user", "id"], name="evidence_user_oldest"),
            models.Index(fields=["skill", "id"], name="evidence_skill_oldest"),
        ]

    def __str__(self) -> str:
        return self.title or self.filename or self.content[:60]

    @property
    def host(self) -> str:
        """The host of a link, for people to see where it leads."""
        return urlsplit(self.content if self.evidence_type == "link" else "").hostname or ""
