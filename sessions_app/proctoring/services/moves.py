"""The only code that changes the status of a test: asks the table, writes the event, moves stamps.

Callers hold the locks (`services.locks`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from sessions_app.proctoring.errors import MoveRefused
from sessions_app.proctoring.models import ProctoredSession, SessionBeat, SessionEvent
from sessions_app.proctoring.rules import DEADLINE_GRACE, Due, due_at
from sessions_app.proctoring.services.locks import lock_to_close
from sessions_app.proctoring.states import Method, Status, Who
from sessions_app.proctoring.transitions import may_move

END_FIELDS = (
    "status", "completion_method", "completed_at", "next_check_at", "left_at", "left_tab",
    "left_sequence", "last_heartbeat", "last_activity", "voided_at", "deadline", "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class Note:
    """Why a test moves, for the event log. `who` is a `Who` or `staff:<user id>`."""

    who: str
    type: str
    why: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def by_staff(self) -> bool:
        return self.who.startswith("staff:")


def move_out(
    session: ProctoredSession,
    beat: SessionBeat | None,
    *,
    to: Status,
    method: Method,
    at: datetime,
    note: Note,
) -> None:
    """End or abandon a test as of `at`; its beat row goes, its stamps stay for good."""
    event = _event(session, to=to, at=at, note=note)
    session.status, session.completion_method = to, method
    session.completed_at = at if to == Status.COMPLETED else None
    session.next_check_at = None
    if beat is not None:
        session.last_heartbeat, session.last_activity = beat.last_heartbeat, beat.last_activity
        SessionBeat.objects.filter(pk=session.pk).delete()
    session.save(update_fields=END_FIELDS)
    event.save()


def move_in(session: ProctoredSession, *, now: datetime, note: Note) -> SessionBeat:
    """Make a test active again, its clock unchanged; why it was left stays in the event."""
    event = _event(session, to=Status.ACTIVE, at=now, note=note)
    event.detail = {"left_as": session.completion_method, **event.detail}
    session.status, session.completion_method = Status.ACTIVE, None
    session.completed_at = session.left_at = session.left_sequence = None
    session.left_tab = ""
    session.next_check_at = session.deadline + DEADLINE_GRACE
    session.last_heartbeat = now
    session.save(update_fields=END_FIELDS)
    event.save()
    return open_beat(session, now=now)


def open_beat(
    session: ProctoredSession, *, now: datetime, tab: str = "", sequence: int | None = None
) -> SessionBeat:
    beat, _ = SessionBeat.objects.update_or_create(
        pk=session.pk,
        defaults={
            "last_heartbeat": now,
            "last_activity": session.last_activity,
            "deadline": session.deadline,
            "tab": tab,
            "sequence": sequence,
        },
    )
    return beat


def close_due(
    candidate_ids: Iterable[Any], *, now: datetime, skip_locked: bool = False
) -> list[tuple[ProctoredSession, Due]]:
    """Apply what time has made due to these tests, in a few statements however many they are.

    Returns what was moved. Rows that somebody else is changing are left out with `skip_locked`.
    A beat that came in between finds its row locked, then gone, and looks at the session.
    """
    dues = []
    for session, beat in lock_to_close(candidate_ids, skip_locked=skip_locked):
        due = due_of(session, beat, now=now)
        if due is not None:
            dues.append((session, due))
    _close(dues, now=now)
    return dues


def due_of(session: ProctoredSession, beat: SessionBeat | None, *, now: datetime) -> Due | None:
    last = beat.last_heartbeat if beat else (session.last_heartbeat or session.test_start_time)
    return due_at(status=session.status, deadline=session.deadline, last_heartbeat=last, now=now)


def _close(dues: list[tuple[ProctoredSession, Due]], *, now: datetime) -> None:
    events = [
        _event(session, to=due.to, at=due.at, note=Note(Who.CLOCK, due.method, due.method.label))
        for session, due in dues
    ]
    for method in {due.method for _, due in dues}:
        ids = [session.pk for session, due in dues if due.method == method]
        beat = SessionBeat.objects.filter(pk=OuterRef("pk"))
        completes = method == Method.TIMER_EXPIRED
        ProctoredSession.objects.active().filter(pk__in=ids).update(
            status=Status.COMPLETED if completes else Status.ABANDONED,
            completion_method=method,
            completed_at=F("deadline") if completes else None,
            next_check_at=None,
            last_heartbeat=Coalesce(Subquery(beat.values("last_heartbeat")), "last_heartbeat"),
            last_activity=Coalesce(Subquery(beat.values("last_activity")), "last_activity"),
            updated_at=now,
        )
        SessionBeat.objects.filter(pk__in=ids).delete()
    SessionEvent.objects.bulk_create(events)


def _event(session: ProctoredSession, *, to: Status, at: datetime, note: Note) -> SessionEvent:
    if not may_move(session.status, to, by_staff=note.by_staff):
        raise MoveRefused(extra={"status": session.status})
    return SessionEvent(
        session=session,
        kind=SessionEvent.Kind.STAFF if note.by_staff else SessionEvent.Kind.MOVE,
        type=note.type,
        from_status=session.status,
        to_status=to,
        who=note.who,
        why=note.why,
        detail=note.detail,
        at=at,
    )
