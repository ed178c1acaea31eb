from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator
from django.db import models

from sessions_app.proctoring.models.bank import Assessment
from sessions_app.proctoring.rules import MAX_MINUTES


class Candidate(models.Model):
    """Somebody invited to sit one test. A retake is a new candidate.

    Not a user: the signed token in the invitation is all they have, and raising `token_version`
    revokes every token signed before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="candidates"
    )
    extra_minutes = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(MAX_MINUTES)]
    )
    token_version = models.PositiveIntegerField(default=1, editable=False)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "candidate"
        ordering = ("-created_at", "-id")
        indexes = [models.Index(fields=("-created_at", "-id"), name="candidate_newest")]

    def __str__(self) -> str:
        return self.name
