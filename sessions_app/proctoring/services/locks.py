"""Locks tests for a change; everywhere session before beat, and many in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sessions_app.proctoring.errors import NoSession
from sessions_app.proctoring.models import ProctoredSession, SessionBeat


def lock_session(candidate_id: UUID) -> tuple[ProctoredSession, SessionBeat | None]:
    """The session and its beat row, both locked; raises NoSession. Needs an open transaction."""
    session = ProctoredSession.objects.select_for_update().filter(pk=candidate_id).first()
    if session is None:
        raise NoSession
    return session, SessionBeat.objects.select_for_update().filter(pk=candidate_id).first()


def lock_sessions(
    candidate_ids: Iterable[UUID], *, skip_locked: bool = False
) -> list[tuple[ProctoredSession, SessionBeat | None]]:
    """Many to be closed, without their answers, which a change of status does not touch.

    In the order of their ids, so that two callers never wait for each other.
    """
    sessions = list(
        ProctoredSession.objects.defer("pending_answers", "writers", "plan")
        .select_for_update(skip_locked=skip_locked)
        .filter(pk__in=list(candidate_ids))
        .order_by("pk")
    )
    rows = SessionBeat.objects.select_for_update().filter(pk__in=[s.pk for s in sessions])
    beats = {beat.pk: beat for beat in rows.order_by("pk")}
    return [(session, beats.get(session.pk)) for session in sessions]
