"""Totals by skill, week, month and weekday, streaks and the weekly goal: one pass over the days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Sum

from tracking.models import PracticeLog, Skill
from tracking.progress import PracticeDay
from tracking.selectors.days import all_days, pauses_of
from tracking.selectors.progress import monday_of, today_of
from tracking.streaks import Streak, streak_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class SkillTotal:
    skill: Skill
    sessions: int
    minutes: int
    last_practiced: date | None


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """`start` is the Monday of a week, the first of a month."""

    label: str
    start: date
    sessions: int
    minutes: int
    active_days: int


@dataclass(frozen=True, slots=True)
class WeekdayTotal:
    """`weekday` 1 is Monday, 7 Sunday."""

    weekday: int
    name: str
    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Goal:
    """Minutes of practice since Monday against the learner's own goal; 0 minutes is no goal."""

    goal_minutes: int
    week_minutes: int

    @property
    def percentage(self) -> int | None:
        return round(100 * self.week_minutes / self.goal_minutes) if self.goal_minutes else None

    @property
    def reached(self) -> bool:
        return bool(self.goal_minutes) and self.week_minutes >= self.goal_minutes


@dataclass(frozen=True, slots=True)
class Analytics:
    """Weeks and months hold only those with practice, newest first."""

    total_sessions: int
    total_minutes: int
    active_days: int
    by_skill: tuple[SkillTotal, ...]
    by_week: tuple[PeriodTotal, ...]
    by_month: tuple[PeriodTotal, ...]
    by_weekday: tuple[WeekdayTotal, ...]
    streak: Streak
    goal: Goal
    days: tuple[PracticeDay, ...]
    today: date


def analytics(
    user: Any, *, now: datetime, first: date | None = None, last: date | None = None
) -> Analytics:
    """Totals of the days from `first` to `last`; streak and goal always look at all days."""
    everything, today = all_days(user), today_of(user, now)
    days = [d for d in everything if (first or date.min) <= d.day <= (last or date.max)]
    return Analytics(
        total_sessions=sum(item.sessions for item in days),
        total_minutes=sum(item.minutes for item in days),
        active_days=len(days),
        by_skill=tuple(_by_skill(user, first, last)),
        by_week=_by_period(days, monday_of, lambda day: f"{day:%G-W%V}"),
        by_month=_by_period(days, lambda day: day.replace(day=1), lambda day: f"{day:%Y-%m}"),
        by_weekday=by_weekday(days),
        streak=streak_of((d.day for d in everything), today=today, pauses=pauses_of(user)),
        goal=goal_of(user, everything, today),
        days=tuple(days),
        today=today,
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """The strip above the skills."""

    total_sessions: int
    total_minutes: int
    streak: Streak
    goal: Goal


def overview(user: Any, *, now: datetime) -> Overview:
    """Two queries."""
    days, today = all_days(user), today_of(user, now)
    return Overview(
        total_sessions=sum(item.sessions for item in days),
        total_minutes=sum(item.minutes for item in days),
        streak=streak_of((d.day for d in days), today=today, pauses=pauses_of(user)),
        goal=goal_of(user, days, today),
    )


def goal_of(user: Any, days: Iterable[PracticeDay], today: date) -> Goal:
    monday = monday_of(today)
    week = sum(d.minutes for d in days if monday <= d.day < monday + timedelta(days=7))
    return Goal(goal_minutes=user.weekly_goal_minutes, week_minutes=week)


def _by_skill(user: Any, first: date | None, last: date | None) -> list[SkillTotal]:
    logs = PracticeLog.objects.visible_to(user).between(first, last).order_by("skill_id")
    sums = logs.values_list("skill_id").annotate(
        Count("duration_minutes"), Sum("duration_minutes"), Max("date_practiced")
    )
    found = {skill_id: facts for skill_id, *facts in sums}
    totals = [
        SkillTotal(skill, *found.get(skill.pk, (0, 0, None)))
        for skill in Skill.objects.visible_to(user).order_by("id")
    ]
    return sorted(totals, key=lambda total: total.minutes, reverse=True)


def _by_period(
    days: Iterable[PracticeDay], start_of: Callable[[date], date], label: Callable[[date], str]
) -> tuple[PeriodTotal, ...]:
    periods: dict[date, list[PracticeDay]] = {}
    for item in days:
        periods.setdefault(start_of(item.day), []).append(item)
    return tuple(
        PeriodTotal(
            label=label(start),
            start=start,
            sessions=sum(d.sessions for d in items),
            minutes=sum(d.minutes for d in items),
            active_days=len(items),
        )
        for start, items in sorted(periods.items(), reverse=True)
    )


def by_weekday(days: Iterable[PracticeDay]) -> tuple[WeekdayTotal, ...]:
    sessions, minutes = [0] * 7, [0] * 7
    for item in days:
        sessions[item.day.weekday()] += item.sessions
        minutes[item.day.weekday()] += item.minutes
    return tuple(
        WeekdayTotal(number + 1, name, sessions[number], minutes[number])
        for number, name in enumerate(WEEKDAYS)
    )
