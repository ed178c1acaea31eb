"""The calendar heat map: whole weeks, Monday to Sunday, ending with the present one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tracking.progress import PracticeDay
from tracking.selectors.progress import monday_of

LEVEL_FROM_MINUTES = (1, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class HeatDay:
    """`level` 0-4: none, up to half an hour, up to one, up to two, more. Days to come: `ahead`."""

    day: date
    minutes: int
    sessions: int
    level: int
    ahead: bool


@dataclass(frozen=True, slots=True)
class HeatWeek:
    monday: date
    days: tuple[HeatDay, ...]


def heat_map(days: Iterable[PracticeDay], *, today: date, weeks: int) -> tuple[HeatWeek, ...]:
    """`weeks` columns of seven days, oldest first."""
    by_day = {item.day: item for item in days}
    first = monday_of(today) - timedelta(weeks=weeks - 1)

    def at(day: date) -> HeatDay:
        _, sessions, minutes = by_day.get(day, PracticeDay(day, 0, 0))
        level = sum(minutes >= least for least in LEVEL_FROM_MINUTES)
        return HeatDay(day, minutes, sessions, level, ahead=day > today)

    mondays = (first + timedelta(weeks=number) for number in range(weeks))
    return tuple(
        HeatWeek(monday, tuple(at(monday + timedelta(days=n)) for n in range(7)))
        for monday in mondays
    )


def practiced_days(weeks: Iterable[HeatWeek]) -> int:
    return sum(1 for week in weeks for item in week.days if item.minutes)
