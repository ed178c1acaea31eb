"""Missing constraints, rows that break them, and locks that are not ours."""

from __future__ import annotations

import uuid

from django.apps import apps
from django.conf import settings
from django.core.cache import cache

from accounts.models import User
from diagnostics import guards
from diagnostics.faults.seeder import FaultSeeder

SPARE = (
    ("practice.Question", "uniq_question_order_in_use"),
    ("tracking.PracticeLog", "one_log_per_source"),
    ("tracking.StreakPause", "pause_ends_after_it_starts"),
    ("tracking.Skill", "skill_has_a_name"),
    ("evaluation.Objection", "objection_once_a_point"),
    ("sessions_app.CodingQuestion", "coding_question_difficulty"),
    ("sessions_app.Assessment", "assessment_duration"),
    ("sessions_app.Section", "section_key_once"),
)
"""Constraints that no repair and no other fault leans on."""


def constraints_missing(seeder: FaultSeeder, count: int) -> int:
    """At most the dispensable ones; on SQLite only those that are indexes can be dropped."""
    dropped = 0
    for label, name in SPARE:
        if dropped < count:
            dropped += guards.drop(apps.get_model(label), name)
    return dropped


def constraint_violations(seeder: FaultSeeder, count: int) -> None:
    """In turn a value that its check forbids, and an address that two accounts share."""
    shared = count // 2
    impossible = [user.pk for user in seeder.people(count - shared)]
    User.objects.filter(pk__in=impossible).update(day_start_hour=30)
    for first, second in zip(seeder.people(shared), seeder.people(shared), strict=True):
        User.objects.filter(pk=second.pk).update(email=first.email.upper())


def stale_locks(seeder: FaultSeeder, count: int) -> int:
    """Without Redis there are no locks, and none is made."""
    if not settings.REDIS_URL:
        return 0
    for _ in range(count):
        cache.set(f"lock:left-behind-{uuid.uuid4().hex[:8]}", "somebody", None)
    return count
