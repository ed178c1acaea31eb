"""The legal moves of a practice session, as a table."""

from __future__ import annotations

from practice.models.bases import SessionStatus

MOVES: dict[str, set[str]] = {
    SessionStatus.PRACTICING: {SessionStatus.COMPLETED},
    SessionStatus.COMPLETED: set(),
}


def may_move(source: str, target: str) -> bool:
    return target in MOVES.get(source, set())
