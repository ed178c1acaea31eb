"""Takes hold of one test for a change. Lock order everywhere: session, then beat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from common.clock import iso
from common.errors import Conflict
from sessions_app.proctoring.errors import NoSession, SessionAway, SessionEnded, SessionVoided
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.querysets import SessionQuerySet
from sessions_app.proctoring.states import Status


def lock_session(candidate_id: UUID) -> tuple[ProctoredSession, SessionBeat | None]:
    """The session and its beat row, both locked; raises NoSession. Needs an open transaction."""
    pairs = _lock(ProctoredSession.objects.all(), [candidate_id])
    if not pairs:
        raise NoSession
    return pairs[0]


def lock_to_close(
    candidate_ids: Iterable[UUID], *, skip_locked: bool = False
) -> list[tuple[ProctoredSession, SessionBeat | None]]:
    """Many at once, without their answers, which a change of state does not touch."""
    light = ProctoredSession.objects.defer("pending_answers", "writers", "plan")
    return _lock(light, candidate_ids, skip_locked=skip_locked)


def _lock(
    found: SessionQuerySet, candidate_ids: Iterable[UUID], *, skip_locked: bool = False
) -> list[tuple[ProctoredSession, SessionBeat | None]]:
    """In the order of their ids, so that two callers never wait for each other."""
    sessions = list(
        found.select_for_update(skip_locked=skip_locked)
        .filter(pk__in=list(candidate_ids))
        .order_by("pk")
    )
    rows = SessionBeat.objects.select_for_update().filter(pk__in=[s.pk for s in sessions])
    beats = {beat.pk: beat for beat in rows.order_by("pk")}
    return [(session, beats.get(session.pk)) for session in sessions]


def refusal(session: ProctoredSession, *, now: datetime) -> Conflict:
    """The 409 for a test that takes nothing any more; its body tells the page where it stands."""
    extra = {
        "status": session.status,
        "server_time": iso(now),
        "completed_at": iso(session.completed_at),
        "completion_method": session.completion_method,
        "deadline": iso(session.deadline),
    }
    if session.voided_at:
        return SessionVoided(extra=extra)
    if session.status == Status.COMPLETED or now > session.deadline:
        return SessionEnded(extra=extra)
    return SessionAway(extra=extra)
