"""Ends a test: completed, or left by closing the tab. Both repeat safely."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.row_limits import limit_of
from sessions_app.proctoring.errors import not_active_error
from sessions_app.proctoring.models import ProctoredSession, SessionEvent
from sessions_app.proctoring.services.beats import may_return
from sessions_app.proctoring.services.locks import lock_session
from sessions_app.proctoring.services.reporting import note_dropped
from sessions_app.proctoring.services.status import Cause, activate_session, close_session
from sessions_app.proctoring.states import Method, Status, Who

LEFT = "left"


@transaction.atomic(durable=True)
def complete_session(*, candidate_id: UUID, method: Method, now: datetime) -> ProctoredSession:
    """Complete a test for its candidate (staff: `services.staff.end_session`).

    On a completed one nothing changes; raises the 409 of one that was left.

    `completed_at` is never after the deadline: the 30 s of grace are for a save under way.
    """
    session, beat = lock_session(candidate_id)
    if session.status == Status.COMPLETED and not session.voided_at:
        return session
    if session.status != Status.ACTIVE:
        if not may_return(session, now=now):
            raise not_active_error(session, now=now)
        cause = Cause(Who.CANDIDATE, "returned", "It was handed in")
        beat = activate_session(session, now=now, cause=cause)
    close_session(
        session,
        beat,
        to=Status.COMPLETED,
        method=method,
        at=min(now, session.deadline),
        cause=Cause(Who.CANDIDATE, "completed", method.label),
    )
    return session


@transaction.atomic(durable=True)
def leave_session(
    *, candidate_id: UUID, tab: str = "", sequence: int | None = None, now: datetime
) -> ProctoredSession:
    """The tab-close beacon: abandoned at once; for 120 s the page may resume it.

    Ignored when the test has ended, and when the same tab has sent something newer since: after a
    reload the new page's requests may overtake the old page's beacon. Ignored too when it was left
    `LIMITS["events_of_a_kind"]` times, so that a loop of beacons and beats does not fill the log:
    it stays active then until it is silent for 5 minutes, and an event tells staff.
    """
    session, beat = lock_session(candidate_id)
    if session.status != Status.ACTIVE:
        return session
    last = beat.sequence if beat is not None and tab and beat.tab == tab else None
    if last is not None and sequence is not None and last > sequence:
        return session
    if session.events.filter(kind=SessionEvent.Kind.MOVE, type=LEFT).count() >= limit_of(
        "events_of_a_kind"
    ):
        note_dropped(session, [LEFT], now=now)
        return session
    session.left_at, session.left_tab, session.left_sequence = now, tab, sequence
    close_session(
        session,
        beat,
        to=Status.ABANDONED,
        method=Method.TAB_CLOSE,
        at=now,
        cause=Cause(Who.CANDIDATE, LEFT, Method.TAB_CLOSE.label),
    )
    return session
