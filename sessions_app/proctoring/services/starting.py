"""Starts a test, or takes the candidate back to the one that exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from common.db import compiled, insert_if_absent
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.selectors.plans import minutes_for, plan_for
from sessions_app.proctoring.models import ProctoredSession, SessionBeat, SessionEvent
from sessions_app.proctoring.rules import DEADLINE_GRACE
from sessions_app.proctoring.selectors.sessions import beat_of
from sessions_app.proctoring.services.beats import stamp_live
from sessions_app.proctoring.services.locks import lock_session, refusal
from sessions_app.proctoring.services.moves import Note, move_in, open_beat
from sessions_app.proctoring.services.settling import settle
from sessions_app.proctoring.states import Status, Who


@compiled
def session_with_beat(candidate_id: UUID) -> QuerySet[ProctoredSession]:
    return ProctoredSession.objects.select_related("beat").filter(pk=candidate_id)


@dataclass(frozen=True)
class Started:
    session: ProctoredSession
    beat: SessionBeat
    created: bool


def resume_live(
    *, candidate_id: UUID, tab: str = "", sequence: int | None = None, now: datetime
) -> Started | None:
    """The plain case: back to a live test of which nothing is due, by one read and one UPDATE.

    None when `start_session` has to look; what time had made due is applied then.
    """
    session = session_with_beat.first(candidate_id=candidate_id)
    if session is None:
        return None
    live = _touched(session, tab, sequence, now)
    if live is None:
        settle(candidate_id=candidate_id, now=now)
    return live


@transaction.atomic(savepoint=False)
def start_session(
    *,
    candidate: Candidate,
    asked_minutes: int | None,
    tab: str = "",
    sequence: int | None = None,
    now: datetime,
) -> Started:
    """Create the test of a candidate, or return or resume it with its clock unchanged.

    Raises SessionEnded (409) once it is completed or its time is over, SessionVoided when void.
    Twenty calls at once make one row: the key is the candidate.
    """
    session = _first_session(candidate, asked_minutes, now)
    if insert_if_absent(session):
        beat = _first_beat(session, tab, sequence)
        beat.save(force_insert=True)
        _first_event(session).save(force_insert=True)
        return Started(session, beat, created=True)
    twin = session_with_beat.first(candidate_id=candidate.pk)
    live = _touched(twin, tab, sequence, now) if twin else None
    if live is not None:
        return live
    session, found = lock_session(candidate.pk)
    return Started(session, _reopened(session, found, tab, sequence, now), created=False)


def _touched(
    session: ProctoredSession, tab: str, sequence: int | None, now: datetime
) -> Started | None:
    """Back to a live test; None when it is not, or when something is due."""
    is_live = session.status == Status.ACTIVE and not session.voided_at
    beat = beat_of(session) if is_live else None
    changes = {"last_heartbeat": now, "tab": tab, "sequence": sequence}
    if beat is None or not stamp_live(session.pk, changes, now=now):
        return None
    beat.last_heartbeat = now
    return Started(session, beat, created=False)


def _reopened(
    session: ProctoredSession,
    beat: SessionBeat | None,
    tab: str,
    sequence: int | None,
    now: datetime,
) -> SessionBeat:
    if session.voided_at or session.status == Status.COMPLETED:
        raise refusal(session, now=now)
    if session.status == Status.ABANDONED:
        if now > session.deadline:
            raise refusal(session, now=now)
        move_in(session, now=now, note=Note(Who.CANDIDATE, "resumed", "The page was opened again"))
        return open_beat(session, now=now, tab=tab, sequence=sequence)
    if beat is None:
        return open_beat(session, now=now, tab=tab, sequence=sequence)
    # Locked already: one UPDATE, where to open it anew would look for it again.
    beat.last_heartbeat, beat.deadline = now, session.deadline
    beat.tab, beat.sequence = tab, sequence
    beat.save(update_fields=["last_heartbeat", "deadline", "tab", "sequence"])
    return beat


def _first_session(candidate: Candidate, asked: int | None, now: datetime) -> ProctoredSession:
    minutes = minutes_for(candidate, asked=asked)
    deadline = now + timedelta(minutes=minutes)
    return ProctoredSession(
        candidate=candidate,
        test_start_time=now,
        test_duration_minutes=minutes,
        deadline=deadline,
        next_check_at=deadline + DEADLINE_GRACE,
        last_heartbeat=now,
        plan=plan_for(candidate),
    )


def _first_beat(session: ProctoredSession, tab: str, sequence: int | None) -> SessionBeat:
    return SessionBeat(
        session=session,
        last_heartbeat=session.test_start_time,
        deadline=session.deadline,
        tab=tab,
        sequence=sequence,
    )


def _first_event(session: ProctoredSession) -> SessionEvent:
    return SessionEvent(
        session=session,
        kind=SessionEvent.Kind.MOVE,
        type="started",
        to_status=Status.ACTIVE,
        who=Who.CANDIDATE,
        at=session.test_start_time,
        detail={"minutes": session.test_duration_minutes},
    )
