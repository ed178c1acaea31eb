"""Starts a test, or takes the candidate back to the one that exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from sessions_app.proctoring.errors import NoSession
from sessions_app.proctoring.models import Candidate, ProctoredSession, SessionBeat, SessionEvent
from sessions_app.proctoring.rules import DEADLINE_GRACE, planned_minutes
from sessions_app.proctoring.selectors.plans import plan_for
from sessions_app.proctoring.services.locks import lock_session, refusal
from sessions_app.proctoring.services.moves import Note, move_in, open_beat
from sessions_app.proctoring.states import Status, Who


@dataclass(frozen=True)
class Started:
    session: ProctoredSession
    beat: SessionBeat
    created: bool


@transaction.atomic
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
    try:
        session, beat = lock_session(candidate.pk)
    except NoSession:
        session, created = ProctoredSession.objects.get_or_create(
            candidate=candidate, defaults=_first_values(candidate, asked_minutes, now)
        )
        if created:
            _record_start(session, now=now)
            return Started(session, _first_beat(session, tab, sequence), created)
        session, beat = lock_session(candidate.pk)
    return Started(session, _reopened(session, beat, tab, sequence, now), created=False)


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


def _first_beat(session: ProctoredSession, tab: str, sequence: int | None) -> SessionBeat:
    return SessionBeat.objects.create(
        session=session,
        last_heartbeat=session.test_start_time,
        deadline=session.deadline,
        tab=tab,
        sequence=sequence,
    )


def _first_values(candidate: Candidate, asked: int | None, now: datetime) -> dict[str, Any]:
    assessment = candidate.assessment
    minutes = planned_minutes(
        assessment_minutes=assessment.duration_minutes if assessment else None,
        asked=asked,
        extra=candidate.extra_minutes,
    )
    deadline = now + timedelta(minutes=minutes)
    return {
        "test_start_time": now,
        "test_duration_minutes": minutes,
        "deadline": deadline,
        "next_check_at": deadline + DEADLINE_GRACE,
        "last_heartbeat": now,
        "plan": plan_for(candidate),
    }


def _record_start(session: ProctoredSession, *, now: datetime) -> None:
    SessionEvent.objects.create(
        session=session,
        kind=SessionEvent.Kind.MOVE,
        type="started",
        to_status=Status.ACTIVE,
        who=Who.CANDIDATE,
        at=now,
        detail={"minutes": session.test_duration_minutes},
    )
