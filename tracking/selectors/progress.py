"""Progress of skills, with the streak of each and the numbers behind the percentage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tracking.models import Skill
from tracking.progress import PracticeDay, SkillProgress, skill_progress
from tracking.selectors.days import days_by_skill, days_of_skill, pauses_of
from tracking.streaks import Pause, Streak, practice_date, streak_of


@dataclass(frozen=True, slots=True)
class SkillReport:
    """A skill as its card and page show it; `week_minutes` since Monday."""

    skill: Skill
    days: tuple[PracticeDay, ...]
    standing: SkillProgress
    streak: Streak
    week_minutes: int

    @property
    def last_practiced(self) -> date | None:
        return self.days[-1].day if self.days else None


def today_of(user: Any, now: datetime) -> date:
    """The learner's own today, by zone and day start hour."""
    return practice_date(now, user.timezone, user.day_start_hour)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def skill_report(skill: Skill, user: Any, *, now: datetime) -> SkillReport:
    days, today = days_of_skill(skill), today_of(user, now)
    return _report(skill, days, pauses_of(user), today, with_outlook=True)


def skill_reports(user: Any, *, now: datetime) -> list[SkillReport]:
    """All skills of a learner in three queries, the latest practised first; without outlook."""
    days, pauses, today = days_by_skill(user), pauses_of(user), today_of(user, now)
    reports = [
        _report(skill, days.get(skill.pk, []), pauses, today, with_outlook=False)
        for skill in Skill.objects.visible_to(user).order_by("-id")
    ]
    return sorted(reports, key=lambda r: r.last_practiced or date.min, reverse=True)


def _report(
    skill: Skill,
    days: Sequence[PracticeDay],
    pauses: Sequence[Pause],
    today: date,
    *,
    with_outlook: bool,
) -> SkillReport:
    monday = monday_of(today)
    return SkillReport(
        skill=skill,
        days=tuple(days),
        standing=skill_progress(days, today, with_outlook=with_outlook),
        streak=streak_of((item.day for item in days), today=today, pauses=pauses),
        week_minutes=sum(item.minutes for item in days if item.day >= monday),
    )
