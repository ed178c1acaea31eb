"""The only code that changes the status of a test: checks the transition table, writes the event,
keeps the beat row. Callers hold the locks (`services.locks`); `apply_due_transitions` takes them
itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.services import audit
from sessions_app.proctoring.errors import MoveRefused
from sessions_app.proctoring.models import ProctoredSession, SessionBeat, SessionEvent
from sessions_app.proctoring.rules import DEADLINE_GRACE, Due, due_at
from sessions_app.proctoring.selectors.sessions import last_sign
from sessions_app.proctoring.services.locks import lock_sessions
from sessions_app.proctoring.services.outages import give_back_lost_time
from sessions_app.proctoring.services.scoring import queue_scoring, withdraw_scoring
from sessions_app.proctoring.states import Method, Status, Who
from sessions_app.proctoring.transitions import may_move

END_FIELDS = (
    "status", "completion_method", "completed_at", "next_check_at", "left_at", "left_tab",
    "left_sequence", "last_heartbeat", "last_activity", "voided_at", "deadline", "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class Cause:
    """Why a test changes, for the event log. `who` is a `Who` or `staff:<user id>`."""

    who: str
    type: str
    why: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def by_staff(self) -> bool:
        return self.who.startswith("staff:")


def close_session(
    session: ProctoredSession,
    beat: SessionBeat | None,
    *,
    to: Status,
    method: Method,
    at: datetime,
    cause: Cause,
) -> None:
    """End or abandon a test as of `at`; its beat row goes, the stamps are copied to the test."""
    event = event_of(session, cause, to=to, at=at)
    session.status, session.completion_method = to, method
    session.completed_at = at if to == Status.COMPLETED else None
    session.next_check_at = None
    if beat is not None:
        session.last_heartbeat, session.last_activity = beat.last_heartbeat, beat.last_activity
        SessionBeat.objects.filter(pk=session.pk).delete()
    session.save(update_fields=END_FIELDS)
    event.save()
    if to == Status.COMPLETED:
        queue_scoring([session.pk], now=at)


def activate_session(
    session: ProctoredSession,
    *,
    now: datetime,
    cause: Cause,
    tab: str = "",
    sequence: int | None = None,
) -> SessionBeat:
    """Make a test active again, its clock unchanged; why it was left stays in the event.

    Scores of before no longer count: it is scored again at its end.
    """
    event = event_of(session, cause, to=Status.ACTIVE, at=now)
    event.detail = {"left_as": session.completion_method, **event.detail}
    session.status, session.completion_method = Status.ACTIVE, None
    session.completed_at = session.left_at = session.left_sequence = None
    session.left_tab = ""
    session.next_check_at = session.deadline + DEADLINE_GRACE
    session.last_heartbeat = now
    session.save(update_fields=END_FIELDS)
    event.save()
    if session.scoring_asked_at:
        withdraw_scoring([session.pk], now=now)
    return write_beat(session, now=now, tab=tab, sequence=sequence)


def write_beat(
    session: ProctoredSession, *, now: datetime, tab: str = "", sequence: int | None = None
) -> SessionBeat:
    """The beat row of an active test, made where it is missing."""
    stamps = {"last_heartbeat": now, "tab": tab, "sequence": sequence}
    stamps |= {"deadline": session.deadline, "answers_version": session.answers_version}
    beat, _ = SessionBeat.objects.update_or_create(
        pk=session.pk,
        defaults=stamps,
        create_defaults={**stamps, "last_activity": session.last_activity},
    )
    return beat


def apply_due_transitions(*, candidate_id: UUID, now: datetime) -> None:
    """What each request for a test does first: close it when that is due.

    One cheap read; writes only when something is due, in a transaction of its own, so that it stays
    applied even when the request is then refused.
    """
    row = (
        ProctoredSession.objects.active()
        .filter(pk=candidate_id)
        .values_list("deadline", "beat__last_heartbeat", "last_heartbeat", "test_start_time")
        .first()
    )
    if row is None:
        return
    deadline, *stamps = row
    last = next(stamp for stamp in stamps if stamp)
    if due_at(status=Status.ACTIVE, deadline=deadline, last_heartbeat=last, now=now):
        give_back_lost_time(now=now)
        with transaction.atomic():
            close_due_sessions([candidate_id], now=now)


def close_due_sessions(
    candidate_ids: Iterable[UUID], *, now: datetime, skip_locked: bool = False
) -> list[Due]:
    """Close those of the tests for which it is due, in a few statements however many they are.

    Returns what was done. Rows that another transaction has locked are left out with `skip_locked`.
    A beat that came in between finds its row locked, then gone, and reads the session.
    """
    dues: dict[UUID, Due] = {}
    events = []
    for session, beat in lock_sessions(candidate_ids, skip_locked=skip_locked):
        due = due_of(session, beat, now=now)
        if due is not None:
            cause = Cause(Who.CLOCK, due.method, due.method.label)
            dues[session.pk] = due
            events.append(event_of(session, cause, to=due.to, at=due.at))
    for to, method in {(due.to, due.method) for due in dues.values()}:
        ids = [pk for pk, due in dues.items() if due.method == method]
        beat_row = SessionBeat.objects.filter(pk=OuterRef("pk"))
        ProctoredSession.objects.active().filter(pk__in=ids).update(
            status=to,
            completion_method=method,
            completed_at=F("deadline") if to == Status.COMPLETED else None,
            next_check_at=None,
            last_heartbeat=Coalesce(Subquery(beat_row.values("last_heartbeat")), "last_heartbeat"),
            last_activity=Coalesce(Subquery(beat_row.values("last_activity")), "last_activity"),
            updated_at=now,
        )
        SessionBeat.objects.filter(pk__in=ids).delete()
        if to == Status.COMPLETED:
            queue_scoring(ids, now=now)
    SessionEvent.objects.bulk_create(events)
    return list(dues.values())


def due_of(session: ProctoredSession, beat: SessionBeat | None, *, now: datetime) -> Due | None:
    last = last_sign(session, beat)
    return due_at(status=session.status, deadline=session.deadline, last_heartbeat=last, now=now)


def event_of(
    session: ProctoredSession,
    cause: Cause,
    *,
    at: datetime,
    to: Status | None = None,
    is_audited: bool = False,
) -> SessionEvent:
    """The event, not saved, of a change of status, or of something that changes none; raises
    MoveRefused when the table does not allow the change. What staff do is audited here, unless the
    caller has done so."""
    if to and not may_move(session.status, to, by_staff=cause.by_staff):
        raise MoveRefused(extra={"status": session.status})
    if cause.by_staff and not is_audited:
        staff_id = int(cause.who.removeprefix("staff:"))
        audit.record(
            f"test.{cause.type}",
            subject=session.candidate,
            actor=staff_id,
            reason=cause.why,
            **cause.detail,
        )
    return SessionEvent(
        session=session,
        kind=SessionEvent.Kind.STAFF if cause.by_staff else SessionEvent.Kind.MOVE,
        type=cause.type,
        from_status=session.status if to else "",
        to_status=to or "",
        who=cause.who,
        why=cause.why,
        detail=cause.detail,
        at=at,
    )
