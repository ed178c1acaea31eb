"""The timeline of one candidate's test: when it ran, when it was away, what was reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sessions_app.proctoring.models import ProctoredSession, SessionEvent
from sessions_app.proctoring.rules import HEARTBEAT_TIMEOUT
from sessions_app.proctoring.states import Method, Status

WIDTH = 1000
# Marks of one kind that stand closer are drawn as one, which says how many they are.
MARK_WIDTH = 4


@dataclass(frozen=True)
class Span:
    """A stretch of the timeline; `x` and `width` in thousandths of its length."""

    kind: str  # "running" or "away"
    begin: datetime
    end: datetime
    x: float
    width: float

    @property
    def minutes(self) -> float:
        return round((self.end - self.begin).total_seconds() / 60, 1)


@dataclass(frozen=True)
class Mark:
    kind: str
    label: str
    at: datetime
    x: float


@dataclass(frozen=True)
class Timeline:
    begin: datetime
    end: datetime
    spans: list[Span]
    marks: list[Mark]
    deadline_x: float
    away_minutes: float
    sentence: str


def timeline_of(
    session: ProctoredSession, events: list[SessionEvent], *, now: datetime
) -> Timeline:
    """Drawn from the event log. A silence starts at its last beat, 5 minutes before."""
    begin = session.test_start_time
    end = max([session.deadline, *(event.at for event in events)])
    length = max(end - begin, timedelta(seconds=1))

    def x(moment: datetime) -> float:
        return round(WIDTH * max((moment - begin) / length, 0.0), 2)

    def span(kind: str, first: datetime, last: datetime) -> Span:
        last = max(first, last)
        return Span(kind, first, last, x(first), max(round(x(last) - x(first), 2), 1))

    spans = [span(*stretch) for stretch in _stretches(session, events, now=min(now, end))]
    marks = _marks(events, x)
    gaps = [s for s in spans if s.kind == "away"]
    reports = sum(event.kind == SessionEvent.Kind.INTEGRITY for event in events)
    away = round(sum(s.minutes for s in gaps), 1)
    times = "once" if len(gaps) == 1 else f"{len(gaps)} times"
    first = f"Away {times}, {away} minutes in all" if gaps else "Never away"
    things = {0: "nothing", 1: "one thing"}.get(reports, f"{reports} things")
    sentence = f"{first}; the page reported {things}."
    return Timeline(begin, end, spans, marks, x(session.deadline), away, sentence)


def _marks(events: list[SessionEvent], x: Callable[[datetime], float]) -> list[Mark]:
    """In order of time; a busy minute hides neither a later one nor what is of another kind."""
    places: dict[tuple[str, int], list[SessionEvent]] = {}
    for event in events:
        places.setdefault((event.kind, int(x(event.at) // MARK_WIDTH)), []).append(event)
    return [
        Mark(kind, _label(together), together[0].at, x(together[0].at))
        for (kind, _), together in places.items()
    ]


def _label(events: list[SessionEvent]) -> str:
    """ "paste", or "40 × tab hidden, 2 × paste" of those that are drawn as one."""
    numbers = Counter(event.type.replace("_", " ") for event in events)
    return ", ".join(name if n == 1 else f"{n} × {name}" for name, n in numbers.most_common(5))


def _stretches(
    session: ProctoredSession, events: list[SessionEvent], *, now: datetime
) -> list[tuple[str, datetime, datetime]]:
    stretches = []
    kind, since = "running", session.test_start_time
    for event in events:
        if not event.to_status or not event.from_status:
            continue
        at = event.at
        if event.type == Method.HEARTBEAT_TIMEOUT:
            at -= HEARTBEAT_TIMEOUT
        if kind != "ended":
            stretches.append((kind, since, at))
        kinds = {Status.ACTIVE: "running", Status.ABANDONED: "away", Status.COMPLETED: "ended"}
        kind, since = kinds[Status(event.to_status)], max(at, since)
    if kind != "ended":
        stretches.append((kind, since, max(now, since)))
    return stretches
