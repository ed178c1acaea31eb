"""Streaks: which days count, and how long the run of them is.

Everything here is a pure function. A practice log carries a calendar date, not a moment, so a
change of clocks can neither lose nor double a day; the zone and the hour at which the learner's
day starts only decide which day is *today*.

Every day is one of four kinds. *Practiced* days count. *Missed* days end a run. *Paused* days
(illness, holiday) and *open* days (today and whatever lies after it) do neither: a streak lives
until a whole day is missed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common import clock


@dataclass(frozen=True, slots=True)
class Pause:
    """Days, both ends included, on which not practicing breaks nothing; `end` None is open."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Streak:
    """Lengths are counts of practiced days; `last_day` is the last practiced day, if any."""

    current: int
    longest: int
    last_day: date | None
    practiced_today: bool
    paused_today: bool


def calendar_date(now: datetime, zone: str) -> date:
    """The calendar date in `zone`, by which "not in the future" is measured."""
    return clock.local_date(now, zone)


def practice_date(now: datetime, zone: str, day_start_hour: int = 0) -> date:
    """The learner's today: until `day_start_hour` by the wall clock it is still yesterday.

    The hours are taken from the wall clock, not from elapsed time, so a day of 23 or 25 hours
    starts at the same hour as any other.
    """
    wall = now.astimezone(clock.zone(zone)).replace(tzinfo=None)
    return (wall - timedelta(hours=day_start_hour)).date()


def streak_of(days: Iterable[date], *, today: date, pauses: Iterable[Pause] = ()) -> Streak:
    """Current and longest streak of practiced `days`, in any order, with any repeats."""
    days = set(days)
    practiced = sorted(day.toordinal() for day in days)
    quiet = _QuietDays(pauses)
    now = today.toordinal()
    if not practiced:
        return Streak(0, 0, None, practiced_today=False, paused_today=quiet.covers(now))

    run = longest = 1
    for before, after in zip(practiced, practiced[1:], strict=False):
        run = run + 1 if quiet.missed_between(before, after, now=now) == 0 else 1
        longest = max(longest, run)
    alive = quiet.missed_between(practiced[-1], now, now=now) == 0
    return Streak(
        current=run if alive else 0,
        longest=longest,
        last_day=date.fromordinal(practiced[-1]),
        practiced_today=today in days,
        paused_today=quiet.covers(now),
    )


class _QuietDays:
    """Paused days as sorted, disjoint spans of ordinals, with the days before each span summed."""

    def __init__(self, pauses: Iterable[Pause]) -> None:
        self.spans: list[tuple[int, int]] = []
        ends = ((p.start.toordinal(), (p.end or date.max).toordinal()) for p in pauses)
        for first, last in sorted(ends):
            if last < first:
                continue
            if self.spans and first <= self.spans[-1][1] + 1:
                self.spans[-1] = (self.spans[-1][0], max(last, self.spans[-1][1]))
            else:
                self.spans.append((first, last))
        self.starts = [first for first, _ in self.spans]
        self.before = [0]
        for first, last in self.spans:
            self.before.append(self.before[-1] + last - first + 1)

    def up_to(self, day: int) -> int:
        """How many paused days there are up to and including `day`."""
        index = bisect_right(self.starts, day)
        if index == 0:
            return 0
        return self.before[index] - max(0, self.spans[index - 1][1] - day)

    def covers(self, day: int) -> bool:
        return self.up_to(day) > self.up_to(day - 1)

    def missed_between(self, before: int, after: int, *, now: int) -> int:
        """Whole days strictly between two days that are over, and were not paused."""
        last = min(after, now) - 1
        if last <= before:
            return 0
        return (last - before) - (self.up_to(last) - self.up_to(before))
