from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from common.jobs import Job, JobQuerySet
from sessions_app.assessments.models.assessments import Candidate


class InvitationQuerySet(JobQuerySet["InvitationMail"]):
    def not_handed_over(self) -> Self:
        """The mail server has not been given the text: another try cannot send it twice."""
        return self.filter(handed_at__isnull=True)

    def lost_at(self, moment: datetime) -> Self:
        """Its worker stopped after the text went out and before the server's reply was stored."""
        sending = self.filter(status="sending", handed_at__isnull=False)
        return sending.filter(claimed_until__lte=moment)

    def newest_of_each(self) -> Self:
        """The newest mail of each candidate: what counts when one was sent again."""
        newer = InvitationMail.objects.filter(
            candidate=OuterRef("candidate"), pk__gt=OuterRef("pk")
        )
        return self.exclude(Exists(newer))


class InvitationMail(Job):
    """One invitation to send. A candidate has at most one that is queued or being sent.

    `handed_at` is stored right before the text goes to the mail server. A worker that is killed
    after that leaves a mail of which nobody knows whether the server took it: the row becomes
    `unclear` and is never sent again by itself.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        UNCLEAR = "unclear"
        FAILED = "failed"
        CANCELLED = "cancelled"

    OPEN: ClassVar = (Status.QUEUED, Status.SENDING)

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="mails")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    asked_by = models.BigIntegerField(null=True, help_text="Id of the member of staff.")
    created_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        db_table = "candidate_invitation_mail"
        ordering = ("id",)
        indexes = [
            models.Index(fields=("candidate", "-id"), name="invitation_latest"),
            models.Index(
                fields=("id",),
                name="invitation_open",
                condition=Q(status__in=("queued", "sending")),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("candidate",),
                name="invitation_open_once",
                condition=Q(status__in=("queued", "sending")),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=("queued", "sending", "sent", "unclear", "failed", "cancelled")
                ),
                name="invitation_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} ({self.status})"
