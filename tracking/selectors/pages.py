"""Values of a learner's pages, beyond the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from tracking import sentences
from tracking.models import Evidence, PracticeLog, Skill
from tracking.querysets import PracticeLogQuerySet
from tracking.selectors.analytics import WEEKDAYS, WeekdayTotal, by_weekday
from tracking.selectors.cursors import page_after, read_cursor
from tracking.selectors.heat import HeatWeek, heat_map, practiced_days
from tracking.selectors.progress import SkillReport, skill_report, today_of
from tracking.selectors.timeline import evidence_of_logs, evidence_of_skill, logs_of_skill

PRESETS = (15, 30, 60)
HEAT_WEEKS = 40
TIMELINE_LOGS = 10
TABLE_LOGS = 50


@dataclass(frozen=True, slots=True)
class LogEntry:
    log: PracticeLog
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class LogPage:
    """`next` is the cursor of the following page, empty on the last."""

    entries: tuple[LogEntry, ...]
    next: str
    cursor: str


@dataclass(frozen=True, slots=True)
class SkillPage:
    report: SkillReport
    history: LogPage
    references: Sequence[Evidence]
    heat: tuple[HeatWeek, ...]
    weekdays: tuple[WeekdayTotal, ...]
    quick: tuple[int, ...]
    words: dict[str, str]
    today: date


def skill_page(skill: Skill, user: Any, *, now: datetime, cursor: str = "") -> SkillPage:
    """Seven queries, however many logs there are."""
    report, today = skill_report(skill, user, now=now), today_of(user, now)
    heat = heat_map(report.days, today=today, weeks=HEAT_WEEKS)
    weekdays = by_weekday(report.days)
    lengths = logs_of_skill(skill).newest_first().values_list("duration_minutes", flat=True)
    return SkillPage(
        report=report,
        history=log_page(skill, cursor),
        references=evidence_of_skill(skill),
        heat=heat,
        weekdays=weekdays,
        words={
            "calendar": sentences.of_calendar(practiced_days(heat), f"{HEAT_WEEKS} weeks"),
            "weekdays": sentences.of_weekdays(weekdays, WEEKDAYS),
        },
        quick=quick_minutes(lengths.first()),
        today=today,
    )


def log_page(skill: Skill, cursor: str) -> LogPage:
    return page_of(logs_of_skill(skill), cursor, size=TIMELINE_LOGS)


def page_of(logs: PracticeLogQuerySet, cursor: str, *, size: int = TABLE_LOGS) -> LogPage:
    """A keyset page with its evidence; an invalid cursor shows the first page."""
    place = read_cursor(cursor) if cursor else None
    shown, following = page_after(logs, place, size)
    attached: Mapping[int, Sequence[Evidence]] = evidence_of_logs(shown)
    entries = tuple(LogEntry(log, attached.get(log.pk, ())) for log in shown)
    return LogPage(entries, following, cursor if place else "")


def quick_minutes(last: int | None) -> tuple[int, ...]:
    """15, 30, 60, and what was logged `last` when it is none of them."""
    return PRESETS if last is None or last in PRESETS else (*PRESETS, last)


def skills_by_name(user: User) -> QuerySet[Skill]:
    """The choices of a filter."""
    return Skill.objects.visible_to(user).order_by("name_key")


def what_goes_with(row: Skill | PracticeLog) -> dict[str, int]:
    """How many of what are deleted with it, by their noun."""
    goes = {"piece of evidence": row.evidence.count()}
    return {"practice log": row.logs.count(), **goes} if isinstance(row, Skill) else goes
