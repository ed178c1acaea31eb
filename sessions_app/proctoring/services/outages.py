"""Notices when the server itself was away, and gives the time back, once.

Sweeps and web processes leave a pulse. When nobody left one for over a minute, nobody could have
taken an answer: the deadlines of open tests move by that gap, and the silence does not count.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from sessions_app.proctoring.models import (
    Outage,
    ProctoredSession,
    ServerPulse,
    SessionBeat,
    SessionEvent,
)
from sessions_app.proctoring.rules import DEADLINE_GRACE, OUTAGE_GAP
from sessions_app.proctoring.states import Status, Who


@transaction.atomic
def record_pulse(*, now: datetime) -> Outage | None:
    """Say that the server is there; returns the outage that this pulse ended, if any.

    The row is locked, so of two processes that come back together one gives back.
    """
    pulse = ServerPulse.objects.select_for_update().filter(pk=1).first()
    if pulse is None:
        ServerPulse.objects.get_or_create(pk=1, defaults={"at": now})
        return None
    last, pulse.at = pulse.at, max(pulse.at, now)
    pulse.save(update_fields=["at"])
    if now - last <= OUTAGE_GAP:
        return None
    return _give_back(started_at=last, ended_at=now)


def _give_back(*, started_at: datetime, ended_at: datetime) -> Outage:
    gap = ended_at - started_at
    outage = Outage.objects.create(started_at=started_at, ended_at=ended_at)
    # Open when the server went: a test that had ended before gets nothing.
    sessions = (
        ProctoredSession.objects.select_for_update()
        .exclude(status=Status.COMPLETED)
        .filter(deadline__gt=started_at - DEADLINE_GRACE, test_start_time__lt=ended_at)
    )
    ids = list(sessions.order_by("pk").values_list("pk", flat=True))
    _move_deadlines(ids, gap=gap, ended_at=ended_at)
    SessionEvent.objects.bulk_create(
        [_event(pk, gap=gap, ended_at=ended_at) for pk in ids], batch_size=500
    )
    outage.sessions = len(ids)
    outage.save(update_fields=["sessions"])
    return outage


def _move_deadlines(ids: list, *, gap: timedelta, ended_at: datetime) -> None:
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        ProctoredSession.objects.filter(pk__in=some).update(
            deadline=F("deadline") + gap, updated_at=ended_at
        )
        ProctoredSession.objects.active().filter(pk__in=some).update(
            next_check_at=F("next_check_at") + gap
        )
        SessionBeat.objects.filter(pk__in=some).update(
            deadline=F("deadline") + gap, last_heartbeat=ended_at
        )


def _event(session_id: object, *, gap: timedelta, ended_at: datetime) -> SessionEvent:
    return SessionEvent(
        session_id=session_id,
        kind=SessionEvent.Kind.CLOCK,
        type="time_given_back",
        who=Who.SYSTEM,
        why="The server was away",
        detail={"seconds": round(gap.total_seconds(), 3)},
        at=ended_at,
    )
