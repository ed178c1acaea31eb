"""The practiced days of a learner: grouped by the database over covering indexes, no rows read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from common.db import compiled
from tracking.models import PracticeLog, Skill, StreakPause
from tracking.progress import PracticeDay
from tracking.querysets import PracticeLogQuerySet
from tracking.streaks import Pause, streak_of

DaysBySkill = dict[int, list[PracticeDay]]
LATEST_DAYS = 60
"""How many days the number beside the flame reads at first; nearly every streak ends in them."""


def condensed_days(logs: PracticeLogQuerySet, *, since: date) -> DaysBySkill:
    """By skill id, oldest first: each practiced day from `since` on, and before them one entry for
    all that is older, on the last day of it. Two queries.

    The progress curve uses only the sum and the last date of older days, so its result is the same.
    """
    days: DaysBySkill = defaultdict(list)
    older = (
        logs.filter(date_practiced__lt=since)
        .order_by("skill_id")
        .values_list("skill_id")
        .annotate(Max("date_practiced"), Count("duration_minutes"), Sum("duration_minutes"))
    )
    for skill_id, *facts in older:
        days[skill_id].append(PracticeDay(*facts))
    for skill_id, recent in totals_of_days(logs.between(since, None)).items():
        days[skill_id].extend(recent)
    return dict(days)


def dates_by_skill(logs: PracticeLogQuerySet, skill_ids: Collection[int]) -> dict[int, list[date]]:
    """All practiced dates of these skills; no query when there are none."""
    dates: dict[int, list[date]] = defaultdict(list)
    rows = logs.filter(skill_id__in=skill_ids).order_by("-skill_id", "date_practiced")
    for skill_id, day in rows.values_list("skill_id", "date_practiced").distinct():
        dates[skill_id].append(day)
    return dict(dates)


def days_of_skill(skill: Skill) -> list[PracticeDay]:
    logs = PracticeLog.objects.filter(user_id=skill.user_id, skill_id=skill.pk)
    return totals_of_days(logs).get(skill.pk, [])


def all_days(user: Any) -> list[PracticeDay]:
    """Days of all skills together, oldest first."""
    return [PracticeDay(*row) for row in totals_by_day.all(user_id=user.pk)]


@compiled
def totals_by_day(user_id: int) -> QuerySet[Any, Any]:
    logs = PracticeLog.objects.filter(user_id=user_id).order_by("date_practiced")
    return logs.values_list("date_practiced").annotate(
        Count("duration_minutes"), Sum("duration_minutes")
    )


def current_streak(user: Any, today: date) -> int:
    """The current streak for every page: reads back from the latest day, and stops at the first
    gap, so that years of practice cost no more than weeks."""
    days = latest_days.all(user_id=user.pk)
    if not days:
        return 0
    pauses = pauses_of(user)
    for limit in (LATEST_DAYS, 600, None):
        if limit != LATEST_DAYS:
            days = list(_days_back(user.pk)[:limit])
        current = streak_of(days, today=today, pauses=pauses).current
        if limit is None or len(days) < limit or current < len(days):
            return current
    return 0


def pauses_of(user: Any) -> list[Pause]:
    return [Pause(start, end) for start, end in pause_dates.all(user_id=user.pk)]


def _days_back(user_id: Any) -> QuerySet[Any, date]:
    dates = PracticeLog.objects.filter(user_id=user_id).order_by("-date_practiced")
    return dates.values_list("date_practiced", flat=True).distinct()


@compiled
def latest_days(user_id: int) -> QuerySet[Any, date]:
    return _days_back(user_id)[:LATEST_DAYS]


@compiled
def pause_dates(user_id: int) -> QuerySet[Any, Any]:
    return StreakPause.objects.filter(user_id=user_id).values_list("start_date", "end_date")


def totals_of_days(logs: PracticeLogQuerySet) -> DaysBySkill:
    """Practiced days of each skill id, oldest first."""
    rows = (
        logs.order_by("-skill_id", "date_practiced")  # the index, read backwards
        .values_list("skill_id", "date_practiced")
        .annotate(Count("duration_minutes"), Sum("duration_minutes"))
    )
    days: DaysBySkill = defaultdict(list)
    for skill_id, day, sessions, minutes in rows:
        days[skill_id].append(PracticeDay(day, sessions, minutes))
    return dict(days)
