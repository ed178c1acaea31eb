"""The practised days of a learner: one grouped query over the covering index, no rows read."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from tracking.models import PracticeLog, Skill, StreakPause
from tracking.progress import PracticeDay
from tracking.streaks import Pause, streak_of

DaysBySkill = dict[int, list[PracticeDay]]


def days_by_skill(user: Any, *, first: date | None = None, last: date | None = None) -> DaysBySkill:
    """Practised days of each skill id, oldest first; both ends included."""
    logs = PracticeLog.objects.visible_to(user).between(first, last)
    return totals_of_days(logs)


def days_of_skill(skill: Skill) -> list[PracticeDay]:
    logs = PracticeLog.objects.filter(user_id=skill.user_id, skill_id=skill.pk)
    return totals_of_days(logs).get(skill.pk, [])


def all_days(user: Any) -> list[PracticeDay]:
    """Days of all skills together, oldest first; grouped by the database."""
    rows = (
        PracticeLog.objects.visible_to(user)
        .order_by("date_practiced")
        .values_list("date_practiced")
        .annotate(Count("duration_minutes"), Sum("duration_minutes"))
    )
    return [PracticeDay(*row) for row in rows]


def merged(days: DaysBySkill) -> list[PracticeDay]:
    """Days of all skills together, oldest first."""
    sessions: dict[date, int] = defaultdict(int)
    minutes: dict[date, int] = defaultdict(int)
    for items in days.values():
        for day, number, length in items:
            sessions[day] += number
            minutes[day] += length
    return [PracticeDay(day, sessions[day], minutes[day]) for day in sorted(sessions)]


def current_streak(user: Any, today: date) -> int:
    """The number beside the flame, on every page: reads back from the latest day, and stops at the
    first gap, so that years of practice cost no more than weeks."""
    dates = PracticeLog.objects.visible_to(user).order_by("-date_practiced")
    newest = dates.values_list("date_practiced", flat=True).distinct()
    pauses = pauses_of(user)
    for limit in (60, 600, None):
        days = list(newest[:limit])
        current = streak_of(days, today=today, pauses=pauses).current
        if limit is None or len(days) < limit or current < len(days):
            return current
    return 0


def pauses_of(user: Any) -> list[Pause]:
    rows = StreakPause.objects.filter(user_id=user.pk).values_list("start_date", "end_date")
    return [Pause(start, end) for start, end in rows]


def totals_of_days(logs: Any) -> DaysBySkill:
    rows = (
        logs.order_by("skill_id", "date_practiced")
        .values_list("skill_id", "date_practiced")
        .annotate(Count("duration_minutes"), Sum("duration_minutes"))
    )
    days: DaysBySkill = defaultdict(list)
    for skill_id, day, sessions, minutes in rows:
        days[skill_id].append(PracticeDay(day, sessions, minutes))
    return dict(days)
