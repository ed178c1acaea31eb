"""The learner's practice as a whole: streak, goal, calendar, weeks, months, weekdays, pauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tracking import sentences
from tracking.models import StreakPause
from tracking.selectors.analytics import WEEKDAYS, Analytics, PeriodTotal, analytics
from tracking.selectors.heat import HeatWeek, heat_map, practised_days
from tracking.selectors.progress import monday_of

CALENDAR_WEEKS = 53
WEEKS_SHOWN, MONTHS_SHOWN = 12, 12


@dataclass(frozen=True, slots=True)
class Activity:
    """`weeks` and `months` are the latest twelve, oldest first, those without practice too.
    `words` says what each chart shows, by its name."""

    totals: Analytics
    heat: tuple[HeatWeek, ...]
    weeks: tuple[PeriodTotal, ...]
    months: tuple[PeriodTotal, ...]
    pauses: Sequence[StreakPause]
    sentence: str
    words: dict[str, str]

    @property
    def today(self) -> date:
        return self.totals.today


def activity_of(user: Any, *, now: datetime) -> Activity:
    totals = analytics(user, now=now)
    today = totals.today
    recent = sum(1 for item in totals.days if 0 <= (today - item.day).days < 7)
    heat = heat_map(totals.days, today=today, weeks=CALENDAR_WEEKS)
    weeks = _filled(totals.by_week, _mondays(today), lambda day: f"{day:%-d %b}")
    months = _filled(totals.by_month, _firsts(today), lambda day: f"{day:%b}")
    return Activity(
        totals=totals,
        heat=heat,
        weeks=weeks,
        months=months,
        pauses=list(StreakPause.objects.filter(user_id=user.pk).order_by("-start_date", "-id")),
        sentence=f"You practised on {recent} of the last 7 days.",
        words={
            "calendar": sentences.of_calendar(practised_days(heat), "year"),
            "weeks": sentences.of_weeks(weeks, goal=totals.goal.goal_minutes),
            "months": sentences.of_months(months, [f"{month.start:%B}" for month in months]),
            "weekdays": sentences.of_weekdays(totals.by_weekday, WEEKDAYS),
        },
    )


def _mondays(today: date) -> list[date]:
    last = monday_of(today)
    return [last - timedelta(weeks=n) for n in reversed(range(WEEKS_SHOWN))]


def _firsts(today: date) -> list[date]:
    months = today.year * 12 + today.month - 1
    return [
        date((months - n) // 12, (months - n) % 12 + 1, 1) for n in reversed(range(MONTHS_SHOWN))
    ]


def _filled(
    periods: Sequence[PeriodTotal], starts: Sequence[date], label: Any
) -> tuple[PeriodTotal, ...]:
    known = {period.start: period for period in periods}
    empty = {start: PeriodTotal(label(start), start, 0, 0, 0) for start in starts}
    return tuple(
        PeriodTotal(label(s), s, known[s].sessions, known[s].minutes, known[s].active_days)
        if s in known
        else empty[s]
        for s in starts
    )
