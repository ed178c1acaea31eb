"""Stores what the page reports about the test: hidden tab, paste, second tab.

Candidates are told beforehand. A report never ends a test; people judge it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from common.row_limits import limit_of
from sessions_app.proctoring.errors import NoSession
from sessions_app.proctoring.models import ProctoredSession, SessionEvent
from sessions_app.proctoring.states import Who

# What the page itself reports. Other types share one bound, so that junk crowds out none of these.
KNOWN = frozenset(
    {
        *("tab_hidden", "tab_visible", "window_blur", "window_focus", "offline", "online"),
        *("fullscreen_entered", "fullscreen_left", "paste", "second_tab"),
    }
)
OTHER = "other"
DROPPED = "events_dropped"


@dataclass(frozen=True)
class Report:
    type: str
    at: datetime | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def record_reports(*, candidate_id: UUID, reports: list[Report], now: datetime) -> int:
    """Append reports; returns how many were stored. A test keeps so many of each known type, and as
    many of all others together (`LIMITS["events_of_a_kind"]`); that more came is an event too.

    The page's own moment is accepted only within the test: before the start or in the future it is
    moved to the edge, and the original stays in the detail.
    """
    # Two batches at once are counted one after the other.
    rows = ProctoredSession.objects.select_for_update(no_key=True, of=("self",))
    session = rows.filter(pk=candidate_id).first()
    if session is None:
        raise NoSession
    room, taken, dropped = _room(session), [], []
    for report in reports:
        kind = report.type if report.type in KNOWN else OTHER
        if room[kind] > 0:
            taken.append(_event(session, report, now=now))
            room[kind] -= 1
        else:
            dropped.append(kind)
    SessionEvent.objects.bulk_create(taken)
    note_dropped(session, dropped, now=now)
    return len(taken)


def note_dropped(session: ProctoredSession, types: list[str], *, now: datetime) -> None:
    """Tell staff, once for each type, that a test had more of it than are kept. The caller holds
    the test's lock."""
    if not types:
        return
    of_system = {"kind": SessionEvent.Kind.INTEGRITY, "type": DROPPED, "who": Who.SYSTEM}
    # A client may send events of this name too; only ours are of the system.
    notes = session.events.filter(**of_system).values_list("detail", flat=True)
    told, limit = {detail["type"] for detail in notes}, limit_of("events_of_a_kind")
    SessionEvent.objects.bulk_create(
        SessionEvent(session=session, **of_system, detail={"type": name, "limit": limit}, at=now)
        for name in dict.fromkeys(types)
        if name not in told
    )


def _room(session: ProctoredSession) -> dict[str, int]:
    """How many more of each kind there may be."""
    limit = limit_of("events_of_a_kind")
    room = dict.fromkeys([*KNOWN, OTHER], limit)
    of_page = {"kind": SessionEvent.Kind.INTEGRITY, "who": Who.CANDIDATE}
    reported = session.events.filter(**of_page).order_by()
    for type_, number in reported.values_list("type").annotate(Count("pk")):
        room[type_ if type_ in KNOWN else OTHER] -= number
    return room


def _event(session: ProctoredSession, report: Report, *, now: datetime) -> SessionEvent:
    at = min(max(report.at or now, session.test_start_time), now)
    detail = dict(report.detail)
    if report.at and report.at != at:
        detail["claimed_at"] = report.at.isoformat()
    event = SessionEvent(session=session, type=report.type, detail=detail, at=at)
    event.kind, event.who = SessionEvent.Kind.INTEGRITY, Who.CANDIDATE
    return event
