from __future__ import annotations

from django.conf import settings
from django.db import models


class UsageKind(models.TextChoices):
    PRACTICE_START = "practice_start", "Practice starts"
    INTERVIEW_START = "interview_start", "Interview starts"
    EVALUATION = "evaluation", "Evaluations"


class UsageReservation(models.Model):
    """The truth about use: one row per subject, reserved → used | released, and taken again."""

    class State(models.TextChoices):
        RESERVED = "reserved", "Reserved"
        USED = "used", "Used"
        RELEASED = "released", "Released"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="usage_reservations"
    )
    day = models.DateField(help_text="UTC day of the start.")
    kind = models.CharField(max_length=20, choices=UsageKind.choices)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RESERVED)
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="A reservation without a saved word is released then."
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], name="one_reservation_per_subject"
            )
        ]
        indexes = [
            models.Index(fields=["user", "day", "kind"], name="usage_user_day_kind"),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state="reserved"),
                name="usage_reserved_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}:{self.subject_id} {self.state}"


class DailyUsage(models.Model):
    """How much of a kind a user has taken on a UTC day. The day is part of the key, so a reset
    is not a job that can fail; `taken` changes only together with a reservation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="daily_usage"
    )
    day = models.DateField()
    kind = models.CharField(max_length=20, choices=UsageKind.choices)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "daily usage"
        constraints = [
            models.UniqueConstraint(fields=["user", "day", "kind"], name="one_count_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.kind}: {self.taken}"


class ClosedAccountUsage(models.Model):
    """What a deleted account used on the day of its deletion, by its address as a keyed hash: a new
    account with this address goes on from there. Removed when the day is over."""

    address_hash = models.CharField(max_length=64)
    day = models.DateField()
    kind = models.CharField(max_length=20, choices=UsageKind.choices)
    taken = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "address_hash", "kind"], name="one_memory_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}: {self.taken}"


class LimitGrant(models.Model):
    """Staff give a user more of a kind, for one day or until a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="limit_grants"
    )
    kind = models.CharField(max_length=20, choices=UsageKind.choices)
    extra = models.PositiveIntegerField(help_text="How many more a day.")
    until = models.DateField(help_text="Last UTC day, included.")
    reason = models.CharField(max_length=200, blank=True, default="")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"+{self.extra} {self.kind} until {self.until}"
