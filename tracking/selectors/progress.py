"""Progress of skills, with the streak of each and the numbers behind the percentage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from tracking.models import PracticeLog, Skill
from tracking.progress import TREND_DAYS, WINDOW_DAYS, PracticeDay, SkillProgress, skill_progress
from tracking.querysets import PracticeLogQuerySet
from tracking.selectors.days import (
    DaysBySkill,
    condensed_days,
    dates_by_skill,
    days_of_skill,
    pauses_of,
)
from tracking.streaks import Pause, Streak, practice_date, streak_of

# As far back as the curve uses single days, today and when the trend began.
CARD_SPAN = timedelta(days=WINDOW_DAYS + TREND_DAYS)


@dataclass(frozen=True, slots=True)
class SkillReport:
    """A skill as its page shows it."""

    skill: Skill
    days: tuple[PracticeDay, ...]
    standing: SkillProgress
    streak: Streak
    week_minutes: int

    @property
    def last_practiced(self) -> date | None:
        return self.days[-1].day if self.days else None


@dataclass(frozen=True, slots=True)
class SkillCard:
    """A skill among others: no outlook, no longest streak. `last_minutes` is the length of the
    latest session, `week_minutes` since Monday."""

    skill: Skill
    standing: SkillProgress
    current_streak: int
    week_minutes: int
    last_practiced: date | None
    last_minutes: int | None


def today_of(user: Any, now: datetime) -> date:
    """The learner's own today, by zone and day start hour."""
    return practice_date(now, user.timezone, user.day_start_hour)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def skill_report(skill: Skill, user: Any, *, now: datetime) -> SkillReport:
    days, today = days_of_skill(skill), today_of(user, now)
    return SkillReport(
        skill=skill,
        days=tuple(days),
        standing=skill_progress(days, today),
        streak=streak_of((item.day for item in days), today=today, pauses=pauses_of(user)),
        week_minutes=_since_monday(days, today),
    )


def skill_cards(user: Any, *, now: datetime, skill_id: int | None = None) -> list[SkillCard]:
    """All skills of a learner, or one, the latest practiced first. At most five queries, which
    bring no more than seven weeks of days, however many logs there are."""
    logs, today = PracticeLog.objects.visible_to(user), today_of(user, now)
    skills = Skill.objects.visible_to(user).order_by("-id")
    if skill_id is not None:
        logs, skills = logs.filter(skill_id=skill_id), skills.filter(pk=skill_id)
    days = condensed_days(logs, since=today - CARD_SPAN)
    streaks = _current_streaks(logs, days, pauses_of(user), today)
    newest = PracticeLog.objects.filter(skill_id=OuterRef("pk")).newest_first()
    minutes = Subquery(newest.values("duration_minutes")[:1])
    cards = []
    for skill in skills.annotate(last_minutes=minutes):
        own = days.get(skill.pk, [])
        card = SkillCard(
            skill=skill,
            standing=skill_progress(own, today, with_outlook=False),
            current_streak=streaks.get(skill.pk, 0),
            week_minutes=_since_monday(own, today),
            last_practiced=own[-1].day if own else None,
            last_minutes=skill.last_minutes,
        )
        cards.append(card)
    return sorted(cards, key=lambda card: card.last_practiced or date.min, reverse=True)


def _current_streaks(
    logs: PracticeLogQuerySet, days: DaysBySkill, pauses: Sequence[Pause], today: date
) -> dict[int, int]:
    """Only a run that reaches back into the condensed days needs every date of its skill."""
    found: dict[int, int] = {}
    longer = []
    for skill_id, items in days.items():
        found[skill_id] = streak_of((d.day for d in items), today=today, pauses=pauses).current
        if found[skill_id] == len(items) and items[0].day < today - CARD_SPAN:
            longer.append(skill_id)
    for skill_id, dates in dates_by_skill(logs, longer).items():
        found[skill_id] = streak_of(dates, today=today, pauses=pauses).current
    return found


def _since_monday(days: Sequence[PracticeDay], today: date) -> int:
    monday = monday_of(today)
    return sum(item.minutes for item in days if item.day >= monday)
