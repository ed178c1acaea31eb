"""The dashboard of one learner, joined from practice, interviews and practice logs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from common import clock
from common.templatetags.etude import minutes_in_words
from practice.selectors.dashboard import DashboardCards, dashboard_cards
from sessions_app.interviews.selectors.dashboard import DashboardCard, dashboard_card
from tracking.selectors.dashboard import DASHBOARD_WEEKS, DashboardSummary, dashboard_summary
from tracking.selectors.progress import today_of


@dataclass(frozen=True)
class Dashboard:
    """`greeting` depends on the learner's own time of day."""

    greeting: str
    practice: DashboardCards
    interview: DashboardCard
    record: DashboardSummary

    @property
    def lead(self) -> str:
        """What today means for the streak, in a sentence."""
        streak = self.record.streak
        if streak.paused_today:
            return f"{self.record.sentence} Your streak is paused."
        if self.is_unlogged:
            return "Log what you practice, and a streak begins."
        if not streak.current:
            return "Practice today and a streak begins."
        return (
            self.record.sentence
            if streak.practiced_today
            else f"{self.record.sentence} Practice today to keep it going."
        )

    @property
    def weeks_in_words(self) -> str:
        """The text alternative of the heat map."""
        minutes = [day.minutes for week in self.record.heat for day in week.days if day.sessions]
        if self.is_unlogged:
            return f"Nothing is logged in the last {DASHBOARD_WEEKS} weeks."
        if not minutes:
            return f"No practice in the last {DASHBOARD_WEEKS} weeks."
        days = f"{len(minutes)} day{'' if len(minutes) == 1 else 's'}"
        return f"{minutes_in_words(sum(minutes))} on {days} of the last {DASHBOARD_WEEKS} weeks."

    @property
    def is_unlogged(self) -> bool:
        """There was practice but there is no log: the page explains why the record is empty."""
        logged = any(day.sessions for week in self.record.heat for day in week.days)
        return not (self.is_new or logged or self.record.streak.longest)

    @property
    def is_new(self) -> bool:
        """Nothing begun yet: the page is an invitation."""
        return not (
            self.practice.continue_card
            or self.practice.latest_feedback
            or self.interview.open_session
            or self.interview.latest
        )


def dashboard_of(user: User, *, now: datetime) -> Dashboard:
    return Dashboard(
        greeting=greeting(now.astimezone(clock.zone(user.timezone)).hour),
        practice=dashboard_cards(user),
        interview=dashboard_card(user),
        record=dashboard_summary(user, today_of(user, now)),
    )


def greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"
