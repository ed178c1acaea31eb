"""The learner's practice as a whole: streak, goal, calendar, weeks, months, weekdays, pauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from tracking import sentences
from tracking.models import StreakPause
from tracking.selectors.analytics import WEEKDAYS, Analytics, PeriodTotal, analytics
from tracking.selectors.heat import HeatWeek, heat_map, practiced_days
from tracking.selectors.progress import monday_of

CALENDAR_WEEKS = 53
WEEKS_SHOWN, MONTHS_SHOWN = 12, 12


@dataclass(frozen=True, slots=True)
class Activity:
    """`weeks` and `months` are the latest twelve, oldest first, those without practice too. `words`
    is the sentence of each chart, by its name."""

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
    monday, month = monday_of(today), today.year * 12 + today.month - 1
    mondays = [monday - timedelta(weeks=n) for n in reversed(range(WEEKS_SHOWN))]
    latest = range(month - MONTHS_SHOWN + 1, month + 1)
    firsts = [date(number // 12, number % 12 + 1, 1) for number in latest]
    weeks = _filled(totals.by_week, mondays, "{:%-d %b}")
    months = _filled(totals.by_month, firsts, "{:%b}")
    return Activity(
        totals=totals,
        heat=heat,
        weeks=weeks,
        months=months,
        pauses=list(StreakPause.objects.filter(user_id=user.pk).order_by("-start_date", "-id")),
        sentence=f"You practiced on {recent} of the last 7 days.",
        words={
            "calendar": sentences.of_calendar(practiced_days(heat), "year"),
            "weeks": sentences.of_weeks(weeks, goal=totals.goal.goal_minutes),
            "months": sentences.of_months(months, [f"{month.start:%B}" for month in months]),
            "weekdays": sentences.of_weekdays(totals.by_weekday, WEEKDAYS),
        },
    )


def _filled(
    periods: Sequence[PeriodTotal], starts: Sequence[date], label: str
) -> tuple[PeriodTotal, ...]:
    known = {period.start: period for period in periods}
    return tuple(
        replace(known.get(s) or PeriodTotal("", s, 0, 0, 0), label=label.format(s)) for s in starts
    )
