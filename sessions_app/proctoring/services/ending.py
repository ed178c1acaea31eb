"""Ends a test: handed in, or left by closing the tab. Both repeat safely."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.services.beats import may_return
from sessions_app.proctoring.services.locks import lock_session, refusal
from sessions_app.proctoring.services.moves import Note, move_in, move_out
from sessions_app.proctoring.states import Method, Status, Who


@transaction.atomic(durable=True)
def complete_session(
    *, candidate_id: UUID, method: Method, who: str = Who.CANDIDATE, now: datetime
) -> ProctoredSession:
    """Hand a test in. On a completed one nothing changes; raises the 409 of one that was left.

    `completed_at` is never after the deadline: the 30 s of grace are for a save under way.
    """
    session, beat = lock_session(candidate_id)
    if session.status == Status.COMPLETED and not session.voided_at:
        return session
    if session.status != Status.ACTIVE:
        if not may_return(session, now=now):
            raise refusal(session, now=now)
        beat = move_in(session, now=now, note=Note(who, "returned", "It was handed in"))
    at = min(now, session.deadline)
    note = Note(who, "completed", method.label)
    move_out(session, beat, to=Status.COMPLETED, method=method, at=at, note=note)
    return session


@transaction.atomic(durable=True)
def leave_session(
    *, candidate_id: UUID, tab: str = "", sequence: int | None = None, now: datetime
) -> ProctoredSession:
    """The tab-close beacon: abandoned at once, and for 120 s the page may take it back.

    Ignored when the test has ended, and when the same tab has sent something newer since: a
    reload's beacon may be overtaken by the page it gave way to.
    """
    session, beat = lock_session(candidate_id)
    if session.status != Status.ACTIVE or _was_overtaken(beat, tab=tab, sequence=sequence):
        return session
    session.left_at, session.left_tab, session.left_sequence = now, tab, sequence
    note = Note(Who.CANDIDATE, "left", Method.TAB_CLOSE.label)
    move_out(session, beat, to=Status.ABANDONED, method=Method.TAB_CLOSE, at=now, note=note)
    return session


def _was_overtaken(beat: SessionBeat | None, *, tab: str, sequence: int | None) -> bool:
    if beat is None or not tab or beat.tab != tab:
        return False
    return sequence is not None and beat.sequence is not None and beat.sequence > sequence
