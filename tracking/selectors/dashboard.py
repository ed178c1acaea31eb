"""What the dashboard and the app bar show of the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracking.selectors.analytics import goal_of
from tracking.selectors.days import all_days, pauses_of
from tracking.selectors.heat import HeatWeek, heat_map
from tracking.streaks import Streak, streak_of

DASHBOARD_WEEKS = 12


@dataclass(frozen=True, slots=True)
class DashboardSummary:
    """`goal_percentage` None without a goal; `heat` are the last 12 weeks, oldest first;
    `sentence` says in words what the heat map shows."""

    streak: Streak
    week_minutes: int
    goal_minutes: int
    goal_percentage: int | None
    heat: tuple[HeatWeek, ...]
    practiced_of_last_seven: int
    sentence: str


def dashboard_summary(user: Any, today: date) -> DashboardSummary:
    """Two queries. `today` is the learner's own day: `tracking.selectors.progress.today_of`."""
    days = all_days(user)
    goal = goal_of(user, days, today)
    recent = sum(1 for item in days if 0 <= (today - item.day).days < 7)
    return DashboardSummary(
        streak=streak_of((d.day for d in days), today=today, pauses=pauses_of(user)),
        week_minutes=goal.week_minutes,
        goal_minutes=goal.goal_minutes,
        goal_percentage=goal.percentage,
        heat=heat_map(days, today=today, weeks=DASHBOARD_WEEKS),
        practiced_of_last_seven=recent,
        sentence=f"You practiced on {recent} of the last 7 days.",
    )
