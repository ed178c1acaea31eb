"""What each touch of a test does first: apply what time has made due, in a transaction of its own.

It stays applied even when the request that brought it about is then refused.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.rules import due_at
from sessions_app.proctoring.services.moves import close_due
from sessions_app.proctoring.services.outages import catch_up


def settle(*, candidate_id: UUID, now: datetime) -> None:
    """One cheap read; writes only when something is due."""
    row = (
        ProctoredSession.objects.active()
        .filter(pk=candidate_id)
        .values_list(
            "status", "deadline", "beat__last_heartbeat", "last_heartbeat", "test_start_time"
        )
        .first()
    )
    if row is None:
        return
    status, deadline, *stamps = row
    last = next(stamp for stamp in stamps if stamp)
    if due_at(status=status, deadline=deadline, last_heartbeat=last, now=now):
        catch_up(now=now)
        with transaction.atomic():
            close_due([candidate_id], now=now)
