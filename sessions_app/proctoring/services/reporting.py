"""Stores what the page reports about the test: hidden tab, paste, second tab.

Candidates are told beforehand. A report never ends a test; people judge it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from sessions_app.proctoring.errors import NoSession
from sessions_app.proctoring.models import ProctoredSession, SessionEvent
from sessions_app.proctoring.states import Who

MAX_EVENTS = 2_000


@dataclass(frozen=True)
class Report:
    type: str
    at: datetime | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def record_reports(*, candidate_id: UUID, reports: list[Report], now: datetime) -> int:
    """Append reports; returns how many were stored (a test keeps at most 2,000).

    The page's own moment is accepted only within the test: before the start or in the future it is
    moved to the edge, and the original stays in the detail.
    """
    session = ProctoredSession.objects.filter(pk=candidate_id).first()
    if session is None:
        raise NoSession
    room = MAX_EVENTS - session.events.filter(kind=SessionEvent.Kind.INTEGRITY).count()
    events = []
    for report in reports[: max(room, 0)]:
        at = min(max(report.at or now, session.test_start_time), now)
        detail = dict(report.detail)
        if report.at and report.at != at:
            detail["claimed_at"] = report.at.isoformat()
        event = SessionEvent(session=session, type=report.type, detail=detail, at=at)
        event.kind, event.who = SessionEvent.Kind.INTEGRITY, Who.CANDIDATE
        events.append(event)
    SessionEvent.objects.bulk_create(events)
    return len(events)
