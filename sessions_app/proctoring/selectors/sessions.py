"""Reads of live and ended tests for the API, the board and the sweep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, Exists, F, Min, OuterRef, Q, Subquery

from sessions_app.proctoring.errors import NoSession
from sessions_app.proctoring.models import ProctoredSession, SessionBeat, SessionEvent
from sessions_app.proctoring.querysets import SessionQuerySet
from sessions_app.proctoring.rules import DEADLINE_GRACE, HEARTBEAT_TIMEOUT
from sessions_app.proctoring.states import Status

SHORT_FOR = timedelta(days=3)


def session_of(candidate_id: UUID) -> ProctoredSession:
    """The test with its beats; raises NoSession (404) before its start."""
    session = ProctoredSession.objects.select_related("beat").filter(pk=candidate_id).first()
    if session is None:
        raise NoSession
    return session


def beat_of(session: ProctoredSession) -> SessionBeat | None:
    return getattr(session, "beat", None)


def last_sign(session: ProctoredSession, beat: SessionBeat | None) -> datetime:
    return (beat or session).last_heartbeat or session.test_start_time


def is_overdue(session: ProctoredSession, *, now: datetime) -> bool:
    """Active, but without a beat for 5 minutes: no sweep has run since."""
    last = last_sign(session, beat_of(session))
    return session.status == Status.ACTIVE and last < now - HEARTBEAT_TIMEOUT


def short_of_time(*, now: datetime) -> SessionQuerySet:
    """Tests of the last days that an outage of ours cost more than they were given back, and that
    no staff have acted on since."""
    events = SessionEvent.objects.filter(session=OuterRef("pk"))
    short = events.filter(
        kind=SessionEvent.Kind.CLOCK, type="time_given_back", detail__has_key="short_seconds"
    )
    seen = events.filter(kind=SessionEvent.Kind.STAFF, pk__gt=OuterRef("short_at"))
    sessions = ProctoredSession.objects.filter(test_start_time__gt=now - SHORT_FOR)
    last = Subquery(short.order_by("-pk").values("pk")[:1])
    return sessions.annotate(short_at=last).filter(~Exists(seen), short_at__isnull=False)


@dataclass(frozen=True)
class Analytics:
    """The document's useful queries. Void tests are counted apart and in nothing else.

    `avg_minutes` is over completed tests, start to end, two decimals, None when there is none.
    """

    avg_minutes: float | None
    by_status: list[dict[str, Any]]
    by_method: list[dict[str, Any]]
    by_assessment: list[dict[str, Any]]
    voided: int


def analytics() -> Analytics:
    counted = ProctoredSession.objects.filter(voided_at__isnull=True)
    ended = counted.filter(completion_method__isnull=False)
    completed = Q(status=Status.COMPLETED)
    average = Avg(F("completed_at") - F("test_start_time"), filter=completed)
    by_assessment = (
        counted.order_by("candidate__assessment__title")
        .values(
            assessment_id=F("candidate__assessment_id"),
            title=F("candidate__assessment__title"),
        )
        .annotate(count=Count("pk"), completed=Count("pk", filter=completed), average=average)
    )
    return Analytics(
        avg_minutes=_minutes(counted.aggregate(average=average)["average"]),
        by_status=_shares(counted, "status"),
        by_method=[
            {"method": row["completion_method"], **row}
            for row in _shares(ended, "completion_method")
        ],
        by_assessment=[
            {
                "assessment_id": row["assessment_id"],
                "title": row["title"] or "No assessment",
                "count": row["count"],
                "completed": row["completed"],
                "completion_rate": _percent(row["completed"], row["count"]),
                "avg_minutes": _minutes(row["average"]),
            }
            for row in by_assessment
        ],
        voided=ProctoredSession.objects.filter(voided_at__isnull=False).count(),
    )


def _shares(sessions: SessionQuerySet, field: str) -> list[dict[str, Any]]:
    rows = list(sessions.order_by(field).values(field).annotate(count=Count("pk")))
    total = sum(row["count"] for row in rows)
    return [{**row, "percentage": _percent(row["count"], total)} for row in rows]


def _percent(part: int, whole: int) -> float:
    return float(round(Decimal(100 * part) / Decimal(whole), 2)) if whole else 0.0


def _minutes(duration: timedelta | None) -> float | None:
    return None if duration is None else round(duration.total_seconds() / 60, 2)


@dataclass(frozen=True)
class Lag:
    """How far behind the sweep is: what is due now and since when."""

    silent: int
    past_deadline: int
    oldest: datetime | None


def sweep_lag(*, now: datetime) -> Lag:
    silent = SessionBeat.objects.silent_at(now)
    late = ProctoredSession.objects.past_deadline_at(now)
    first_beat = silent.aggregate(value=Min("last_heartbeat"))["value"]
    deadline = late.aggregate(value=Min("deadline"))["value"]
    stamps = [
        deadline + DEADLINE_GRACE if deadline else None,
        first_beat + HEARTBEAT_TIMEOUT if first_beat else None,
    ]
    return Lag(silent.count(), late.count(), min((s for s in stamps if s), default=None))
