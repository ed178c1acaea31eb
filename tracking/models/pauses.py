from __future__ import annotations

from django.conf import settings
from django.db import models

from tracking.streaks import Pause


class StreakPause(models.Model):
    """Days on which not practicing breaks no streak; both ends included, no end is open."""

    class Reason(models.TextChoices):
        ILLNESS = "illness", "Illness"
        HOLIDAY = "holiday", "Holiday"
        OTHER = "other", "Something else"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="streak_pauses"
    )
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices, default=Reason.OTHER)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_date__isnull=True)
                | models.Q(end_date__gte=models.F("start_date")),
                name="pause_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.start_date} to {self.end_date or 'open'}"

    @property
    def span(self) -> Pause:
        return Pause(self.start_date, self.end_date)
