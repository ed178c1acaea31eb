"""The one state machine of interviews: open → ended, never back."""

from __future__ import annotations

from datetime import datetime

from sessions_app.interviews.models import PracticeSession

OPEN, ENDED = "open", "ended"
MOVES: dict[str, frozenset[str]] = {OPEN: frozenset({ENDED}), ENDED: frozenset()}


def state_of(session: PracticeSession) -> str:
    return OPEN if session.is_open else ENDED


def may_move(source: str, target: str) -> bool:
    return target in MOVES[source]


def end(session: PracticeSession, *, at: datetime, by: str) -> bool:
    """Stamp the end; False when it already has one. The caller holds the row's lock.

    The UPDATE repeats the source state, so that of two ends at once only the first is written,
    also where row locks do not exist.
    """
    if not may_move(state_of(session), ENDED):
        return False
    rows = PracticeSession.objects.open().filter(pk=session.pk)
    changed = rows.update(ended_at=at, ended_by=by)
    if changed:
        session.ended_at, session.ended_by = at, by
    else:
        session.refresh_from_db()
    return bool(changed)
