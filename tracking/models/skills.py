from __future__ import annotations

from django.conf import settings
from django.db import models

from tracking.names import LONGEST_KEY, LONGEST_NAME
from tracking.querysets import OwnedQuerySet


class Skill(models.Model):
    """Something a learner practices; names are unique per learner, whatever the case or width."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="skills",
        db_index=False,
    )
    name = models.CharField(max_length=LONGEST_NAME)
    name_key = models.CharField(max_length=LONGEST_KEY, editable=False)
    created_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name_key"], name="one_skill_per_name"),
            models.CheckConstraint(condition=~models.Q(name_key=""), name="skill_has_a_name"),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="skill_user_newest")]

    def __str__(self) -> str:
        return self.name
