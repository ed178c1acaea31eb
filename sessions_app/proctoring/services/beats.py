"""Heartbeats and activity: one conditional UPDATE on the narrow row, the rest only when it misses.

This is the reference; `hot` answers the same paths before Django does and falls back to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from sessions_app.proctoring.errors import not_active_error
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.rules import LEAVE_GRACE, beat_is_newer, is_other_tab
from sessions_app.proctoring.services.locks import lock_session
from sessions_app.proctoring.services.status import (
    Cause,
    activate_session,
    apply_due_transitions,
    write_beat,
)
from sessions_app.proctoring.states import Method, Status, Who


@dataclass(frozen=True)
class Beat:
    """What the page learns from a beat: its clock, its deadline, the version of the answers,
    whether another tab is open."""

    deadline: datetime
    answers_version: int
    other_tab: bool = False


def record_heartbeat(
    *, candidate_id: UUID, tab: str = "", sequence: int | None = None, now: datetime
) -> Beat:
    """Stamp a live test; resume one that was left up to 120 s ago; 404 or 409 otherwise."""
    previous = SessionBeat.objects.filter(pk=candidate_id).first()
    changes = {"last_heartbeat": now, "tab": tab, "sequence": sequence}
    if previous and stamp_live(candidate_id, changes, now=now):
        other_tab = is_other_tab(
            tab, stored=previous.tab, last_heartbeat=previous.last_heartbeat, now=now
        )
        return Beat(previous.deadline, previous.answers_version, other_tab)
    apply_due_transitions(candidate_id=candidate_id, now=now)
    with transaction.atomic(durable=True):
        session, _ = lock_session(candidate_id)
        if session.status == Status.ACTIVE:
            write_beat(session, now=now, tab=tab, sequence=sequence)
        elif is_newer(session, tab=tab, sequence=sequence) and may_return(session, now=now):
            cause = Cause(Who.CANDIDATE, "returned", "A beat came after the leave")
            activate_session(session, now=now, cause=cause, tab=tab, sequence=sequence)
        else:
            raise not_active_error(session, now=now)
    return Beat(session.deadline, session.answers_version)


def record_activity(*, candidate_id: UUID, now: datetime) -> Beat:
    """Stamp that the candidate did something; raises NoSession or the 409 of an ended test."""
    previous = SessionBeat.objects.filter(pk=candidate_id).first()
    changes = {"last_heartbeat": now, "last_activity": now}
    if previous and stamp_live(candidate_id, changes, now=now):
        return Beat(previous.deadline, previous.answers_version)
    apply_due_transitions(candidate_id=candidate_id, now=now)
    with transaction.atomic(durable=True):
        session, beat = lock_session(candidate_id)
        if session.status != Status.ACTIVE:
            raise not_active_error(session, now=now)
        stamp_work(session, beat, now=now)
    return Beat(session.deadline, session.answers_version)


def stamp_live(candidate_id: UUID, changes: Mapping[str, object], *, now: datetime) -> bool:
    """Write to the beat row unless something is due or the test is not live."""
    # The condition is part of the UPDATE: a sweep that closes the test meanwhile takes precedence.
    return bool(SessionBeat.objects.alive_at(now).filter(pk=candidate_id).update(**changes))


def is_newer(session: ProctoredSession, *, tab: str, sequence: int | None) -> bool:
    """Whether this was sent after the beacon that closed the test."""
    return beat_is_newer(
        tab=tab, sequence=sequence, left_tab=session.left_tab, left_sequence=session.left_sequence
    )


def may_return(session: ProctoredSession, *, now: datetime) -> bool:
    """Left by a beacon at most 120 s ago, with time left: a page that still beats resumes it."""
    return (
        session.status == Status.ABANDONED
        and session.completion_method == Method.TAB_CLOSE
        and session.voided_at is None
        and session.left_at is not None
        and now <= min(session.deadline, session.left_at + LEAVE_GRACE)
    )


def stamp_work(session: ProctoredSession, beat: SessionBeat | None, *, now: datetime) -> None:
    """A save or an action counts as a beat too. The caller holds the locks."""
    if beat is None:
        beat = write_beat(session, now=now)
    beat.last_heartbeat = beat.last_activity = now
    beat.answers_version = session.answers_version
    beat.save(update_fields=["last_heartbeat", "last_activity", "answers_version"])
