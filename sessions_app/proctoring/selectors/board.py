"""The live board: tests under way now, those with a problem first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.rules import HEARTBEAT_TIMEOUT
from sessions_app.proctoring.selectors.sessions import Lag, beat_of, last_sign, sweep_lag
from sessions_app.proctoring.states import Status

MISSING_AFTER = timedelta(seconds=75)  # two beats and their jitter
RECENTLY = timedelta(minutes=30)
MOST_ROWS = 300


@dataclass(frozen=True)
class BoardRow:
    session: ProctoredSession
    state: str  # live, missing, overdue, left
    words: str
    last_heartbeat: datetime | None
    last_activity: datetime | None
    minutes_left: int

    @classmethod
    def of(cls, session: ProctoredSession, *, now: datetime) -> Self:
        stamps = beat_of(session) or session
        silence = now - last_sign(session, beat_of(session))
        state, words = "live", "beating"
        if session.status == Status.ABANDONED:
            state, words = "left", session.get_completion_method_display() or "left"
        elif silence > HEARTBEAT_TIMEOUT:
            state, words = "overdue", "no beat for 5 minutes"
        elif silence > MISSING_AFTER:
            state, words = "missing", f"no beat for {int(silence.total_seconds())} s"
        left = minutes_left(session, now=now)
        return cls(session, state, words, stamps.last_heartbeat, stamps.last_activity, left)


@dataclass(frozen=True)
class Board:
    rows: list[BoardRow]
    live: int
    missing: int
    left: int
    lag: Lag
    at: datetime


def live_board(*, now: datetime) -> Board:
    """Active tests and those left in the last half hour; those with a problem come first."""
    sessions = ProctoredSession.objects.select_related("candidate__assessment", "beat").defer(
        "pending_answers", "writers", "plan"
    )
    active = list(sessions.active().order_by("deadline")[:MOST_ROWS])
    left = sessions.filter(status=Status.ABANDONED, updated_at__gt=now - RECENTLY)
    shown = [*active, *left.order_by("deadline")[:MOST_ROWS]]
    rows = [BoardRow.of(session, now=now) for session in shown]
    order = {"overdue": 0, "missing": 1, "left": 2, "live": 3}
    rows.sort(key=lambda row: order[row.state])
    return Board(
        rows=rows,
        live=sum(row.state == "live" for row in rows),
        missing=sum(row.state in ("missing", "overdue") for row in rows),
        left=sum(row.state == "left" for row in rows),
        lag=sweep_lag(now=now),
        at=now,
    )


def minutes_left(session: ProctoredSession, *, now: datetime) -> int:
    """Whole minutes until the deadline, 0 once it is past."""
    return max(int((session.deadline - now).total_seconds() // 60), 0)
