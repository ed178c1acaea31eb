"""The progress engine: practiced days in; percentage, stage, trend and their reasons out.

One pure curve (`progress_of`) over five inputs. It meets the two examples of practice-tracking.md
§8 exactly: ten weekly sessions of 15 hours in all are 45 %, fifty daily ones of 80 hours are 85 %.
tracking/README.md documents the curve and its reasons; numbers that change here change there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice
from math import floor
from statistics import median
from typing import NamedTuple

SESSION_POINTS, HALF_SESSIONS = 35, 20  # half of the points at 20 sessions
HOUR_POINTS, HALF_HOURS = 35, 14  # half of the points at 14 hours
STEADY_POINTS, STEADY_DAYS = 12, 28  # all of them when four weeks had practice each week
DENSE_POINTS, DENSE_DAYS = 18, 25  # all of them at five days a week
WINDOW_DAYS = 35  # how far back steadiness and density look
GRACE_DAYS = 7  # nothing fades in the first week
HALF_LIFE_DAYS, KEPT_SHARE = 60, 0.4  # then it fades by halves toward two fifths
TREND_DAYS, TREND_POINTS = 14, 2

BEGINNER, INTERMEDIATE, ADVANCED = "Beginner", "Intermediate", "Advanced"
INTERMEDIATE_FROM, ADVANCED_FROM = 30, 70
IMPROVING, MAINTAINING, DECLINING = "improving", "maintaining", "declining"


class PracticeDay(NamedTuple):
    """What was practiced on one calendar date; a tuple, since there can be thousands."""

    day: date
    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class ProgressInputs:
    """The inputs of the curve.

    `active_days`: days practiced within the last 35. `covered_days` (0-28): days of the last 35
    that lie in a week ending with a practiced day. `days_since_last`: None without any practice.
    """

    sessions: int
    minutes: int
    active_days: int
    covered_days: int
    days_since_last: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """One share of the percentage, with the sentence that explains it."""

    name: str
    label: str
    points: float
    of: float
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """`percentage` 0-100; `parts` add up to it before `retention` (0.4-1) is applied."""

    percentage: int
    stage: str
    inputs: ProgressInputs
    parts: tuple[Part, ...]
    retention: float


@dataclass(frozen=True, slots=True)
class SkillProgress:
    """Progress today, its trend, and what would change it."""

    progress: Progress
    trend: str
    change: int
    outlook: tuple[str, ...]


def inputs_at(days: Iterable[PracticeDay], today: date) -> ProgressInputs:
    """The curve's inputs as they stood on `today`; later days are left out by the caller."""
    sessions = minutes = 0
    last = date.min
    window = today - timedelta(days=WINDOW_DAYS)
    recent: set[int] = set()
    for day, number, length in days:
        sessions += number
        minutes += length
        if day > window:
            # A date after today (a learner who flew west) counts as today.
            recent.add(max(0, (today - day).days))
        if day > last:
            last = day
    covered = {age + back for age in recent for back in range(7) if age + back < WINDOW_DAYS}
    return ProgressInputs(
        sessions=sessions,
        minutes=minutes,
        active_days=len(recent),
        covered_days=min(STEADY_DAYS, len(covered)),
        days_since_last=max(0, (today - last).days) if sessions else None,
    )


def progress_of(inputs: ProgressInputs) -> Progress:
    """The curve. It never falls when any input but `days_since_last` rises."""
    parts = _parts(inputs)
    # Forgetting is quick at first and levels off; the first week costs nothing.
    faded = max(0, (inputs.days_since_last or 0) - GRACE_DAYS)
    retention = KEPT_SHARE + (1 - KEPT_SHARE) * 0.5 ** (faded / HALF_LIFE_DAYS)
    percentage = floor(sum(part.points for part in parts) * retention + 0.5)
    return Progress(percentage, stage_of(percentage), inputs, parts, retention)


def _parts(inputs: ProgressInputs) -> tuple[Part, ...]:
    hours = inputs.minutes / 60
    return (
        Part(
            "sessions",
            "Sessions",
            SESSION_POINTS * inputs.sessions / (inputs.sessions + HALF_SESSIONS),
            SESSION_POINTS,
            f"{_count(inputs.sessions, 'session')}; half of these points come at {HALF_SESSIONS}.",
        ),
        Part(
            "time",
            "Time",
            HOUR_POINTS * hours / (hours + HALF_HOURS),
            HOUR_POINTS,
            f"{_hours(inputs.minutes)}; half of these points come at {HALF_HOURS} hours.",
        ),
        Part(
            "steadiness",
            "Steadiness",
            STEADY_POINTS * min(inputs.covered_days, STEADY_DAYS) / STEADY_DAYS,
            STEADY_POINTS,
            "All of these points when none of the last four weeks went by without practice.",
        ),
        Part(
            "frequency",
            "Frequency",
            DENSE_POINTS * min(inputs.active_days, DENSE_DAYS) / DENSE_DAYS,
            DENSE_POINTS,
            f"{_count(inputs.active_days, 'day')} practiced in the last five weeks; "
            f"all of these points at {DENSE_DAYS}.",
        ),
    )


def stage_of(percentage: int) -> str:
    """Beginner below 30, Intermediate below 70, then Advanced."""
    if percentage < INTERMEDIATE_FROM:
        return BEGINNER
    return INTERMEDIATE if percentage < ADVANCED_FROM else ADVANCED


def progress_at(days: Iterable[PracticeDay], today: date) -> Progress:
    """Progress on `today` from the days practiced."""
    return progress_of(inputs_at(days, today))


def skill_progress(
    days: Sequence[PracticeDay], today: date, *, with_outlook: bool = True
) -> SkillProgress:
    """Progress with its trend over two weeks and, unless left out, what would change it."""
    progress = progress_at(days, today)
    then = today - timedelta(days=TREND_DAYS)
    change = progress.percentage - progress_at([d for d in days if d.day <= then], then).percentage
    return SkillProgress(
        progress=progress,
        trend=_trend(progress, change),
        change=change,
        outlook=tuple(_outlook(days, progress, today)) if with_outlook else (),
    )


def _trend(progress: Progress, change: int) -> str:
    last = progress.inputs.days_since_last
    if last is None:
        return MAINTAINING
    if change <= -TREND_POINTS or last >= TREND_DAYS:
        return DECLINING
    return IMPROVING if change >= TREND_POINTS else MAINTAINING


def _outlook(days: Sequence[PracticeDay], progress: Progress, today: date) -> Iterable[str]:
    """Sentences such as "Two more sessions this week: 48 %", by the same curve."""
    # The learner's usual session, half an hour before the first one.
    lengths = [d.minutes / d.sessions for d in days[-20:] if d.sessions]
    length = max(1, round(median(lengths))) if lengths else 30
    practiced = {d.day for d in days}
    for number, words in ((1, "One more session"), (2, "Two more sessions")):
        # On the next free days, the first of them today if today is free.
        coming = (today + timedelta(days=n) for n in count())
        free = list(islice((day for day in coming if day not in practiced), number))
        more = [PracticeDay(day, 1, length) for day in free]
        percentage = max(progress.percentage, progress_at([*days, *more], free[-1]).percentage)
        yield f"{words} of {length} minutes this week: {percentage} %."
    if progress.inputs.days_since_last is not None:
        absent = progress_at(days, today + timedelta(days=TREND_DAYS)).percentage
        yield f"Two weeks without practice: {min(absent, progress.percentage)} %."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _count(rest, "minute")
    return f"{hours} h {rest} min" if rest else f"{hours} h"
