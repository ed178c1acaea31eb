"""Starts a test, or resumes the one that exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from common.db import compiled, insert_if_absent
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.rules import DEFAULT_MINUTES
from sessions_app.assessments.selectors.plans import minutes_for, plan_for
from sessions_app.proctoring.errors import not_active_error
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.rules import DEADLINE_GRACE
from sessions_app.proctoring.selectors.sessions import beat_of
from sessions_app.proctoring.services.beats import stamp_live
from sessions_app.proctoring.services.locks import lock_session
from sessions_app.proctoring.services.status import (
    Cause,
    activate_session,
    apply_due_transitions,
    event_of,
    write_beat,
)
from sessions_app.proctoring.states import Status, Who


@compiled
def session_with_beat(candidate_id: UUID) -> QuerySet[ProctoredSession]:
    return ProctoredSession.objects.select_related("beat").filter(pk=candidate_id)


@dataclass(frozen=True)
class Started:
    session: ProctoredSession
    beat: SessionBeat | None
    created: bool = False


def resume_live(
    *, candidate_id: UUID, tab: str = "", sequence: int | None = None, now: datetime
) -> Started | None:
    """The plain case: resume a live test of which nothing is due, by one read and one UPDATE.

    None when `start_session` has to look; due transitions are applied then.
    """
    session = session_with_beat.first(candidate_id=candidate_id)
    if session is None:
        return None
    live = _stamped(session, tab, sequence, now)
    if live is None:
        apply_due_transitions(candidate_id=candidate_id, now=now)
    return live


@transaction.atomic
def start_session(
    *,
    candidate: Candidate,
    asked_minutes: int | None,
    tab: str = "",
    sequence: int | None = None,
    now: datetime,
) -> Started:
    """The candidate's own start: create the test, or return or resume it with its clock unchanged.

    Without an assessment they may ask for less than an hour, never for more. Raises SessionEnded
    (409) once it is completed or its time is over, SessionVoided when void. Twenty calls at once
    make one row: the key is the candidate.
    """
    asked = min(asked_minutes or DEFAULT_MINUTES, DEFAULT_MINUTES)
    minutes = minutes_for(candidate, asked=asked)
    cause = Cause(Who.CANDIDATE, "started", detail={"minutes": minutes})
    beat = create_session(
        candidate, minutes=minutes, cause=cause, tab=tab, sequence=sequence, now=now
    )
    if beat is None:
        return _go_on(candidate.pk, tab, sequence, now)
    return Started(beat.session, beat, created=True)


def create_session(
    candidate: Candidate,
    *,
    minutes: int,
    cause: Cause,
    tab: str = "",
    sequence: int | None = None,
    now: datetime,
) -> SessionBeat | None:
    """The test of a candidate, its beat row and its first event; None when there is a test already.

    The caller holds the transaction.
    """
    deadline = now + timedelta(minutes=minutes)
    session = ProctoredSession(
        candidate=candidate,
        test_start_time=now,
        test_duration_minutes=minutes,
        deadline=deadline,
        next_check_at=deadline + DEADLINE_GRACE,
        last_heartbeat=now,
        plan=plan_for(candidate),
    )
    if not insert_if_absent(session):
        return None
    beat = SessionBeat(session=session, last_heartbeat=now, deadline=deadline)
    beat.tab, beat.sequence = tab, sequence
    beat.save(force_insert=True)
    event = event_of(session, cause, at=now)
    event.to_status = Status.ACTIVE
    event.save(force_insert=True)
    return beat


def _go_on(candidate_id: UUID, tab: str, sequence: int | None, now: datetime) -> Started:
    """Resume the test that exists, live or left; raises the 409 of one that is over."""
    session = session_with_beat.first(candidate_id=candidate_id)
    live = _stamped(session, tab, sequence, now) if session else None
    if live is not None:
        return live
    session, _ = lock_session(candidate_id)
    is_late = session.status == Status.ABANDONED and now > session.deadline
    if session.voided_at or session.status == Status.COMPLETED or is_late:
        raise not_active_error(session, now=now)
    if session.status == Status.ACTIVE:
        return Started(session, write_beat(session, now=now, tab=tab, sequence=sequence))
    cause = Cause(Who.CANDIDATE, "resumed", "The page was opened again")
    beat = activate_session(session, now=now, cause=cause, tab=tab, sequence=sequence)
    return Started(session, beat)


def _stamped(
    session: ProctoredSession, tab: str, sequence: int | None, now: datetime
) -> Started | None:
    """Resume a live test; None when it is not live, or when something is due."""
    is_live = session.status == Status.ACTIVE and not session.voided_at
    beat = beat_of(session) if is_live else None
    changes = {"last_heartbeat": now, "tab": tab, "sequence": sequence}
    if beat is None or not stamp_live(session.pk, changes, now=now):
        return None
    beat.last_heartbeat = now
    return Started(session, beat)
