from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracking.querysets import PracticeLogQuerySet

MOST_MINUTES = 24 * 60
# What a learner enters about a session, as columns here and in ImportRow.
FACTS = (
    "date_practiced",
    "duration_minutes",
    "description",
    "difficulty_rating",
    "confidence_rating",
)


def _rating(name: str) -> models.CheckConstraint:
    within = Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 5)})
    return models.CheckConstraint(condition=within, name=f"{name}_is_1_to_5")


class PracticeLog(models.Model):
    """One session of practice, on a calendar date of the learner's own.

    `zone` is where the date was read off; a later change of zone moves no log. A log that another
    app recorded carries its source and exists once for it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="practice_logs",
        db_index=False,
    )
    skill = models.ForeignKey(
        "tracking.Skill", on_delete=models.CASCADE, related_name="logs", db_index=False
    )
    date_practiced = models.DateField()
    zone = models.CharField(max_length=64)
    duration_minutes = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=500)
    difficulty_rating = models.PositiveSmallIntegerField(null=True, blank=True)
    confidence_rating = models.PositiveSmallIntegerField(null=True, blank=True)
    source_kind = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    import_plan = models.ForeignKey(
        "tracking.ImportPlan",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="logs",
        db_index=False,
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = PracticeLogQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_minutes__range=(1, MOST_MINUTES)),
                name="duration_is_within_a_day",
            ),
            _rating("difficulty_rating"),
            _rating("confidence_rating"),
            models.UniqueConstraint(
                fields=["source_kind", "source_id"],
                condition=~Q(source_kind=""),
                name="one_log_per_source",
            ),
        ]
        indexes = [
            # The list of a learner, and of one skill: keyset, newest first.
            # With the minutes, it also answers streak, goal and calendar without the rows.
            models.Index(
                fields=["user", "-date_practiced", "-id"],
                include=["duration_minutes"],
                name="log_user_newest",
            ),
            models.Index(fields=["skill", "-date_practiced", "-id"], name="log_skill_newest"),
            # Progress, streaks and analytics read only this index, never the rows; the list of a
            # learner by skill walks it.
            models.Index(
                fields=["user", "skill", "-date_practiced", "-id"],
                include=["duration_minutes"],
                name="log_totals_covering",
            ),
            models.Index(
                fields=["import_plan"],
                condition=Q(import_plan__isnull=False),
                name="log_of_import",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date_practiced}: {self.duration_minutes} min"

    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FACTS}
