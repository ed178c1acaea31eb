"""The state of the queue for an operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Min

from common.clock import utc_day
from evaluation.models import Evaluation, ModelCall, Objection
from evaluation.naming import is_own_model, judge_name
from evaluation.providers.errors import Held
from evaluation.providers.spending import refuse_while_closed
from evaluation.selectors.feedback import switch_note


@dataclass(frozen=True)
class QueueState:
    """Counts by status and by hold; money in US dollars."""

    by_status: dict[str, int]
    by_hold: dict[str, int]
    due: int
    silent: int
    oldest_wait: timedelta | None
    finished_last_hour: int
    spent_today: Decimal
    spent_month: Decimal
    budget_month: float
    judge: str
    calls: str
    open_objections: int


def queue_state(*, now: datetime) -> QueueState:
    """A handful of counting queries."""
    rows = Evaluation.objects.all()
    due = rows.due_at(now)
    day = datetime.combine(utc_day(now), datetime.min.time(), UTC)
    oldest = due.filter(status="queued").aggregate(at=Min("created_at"))["at"]
    return QueueState(
        by_status=_counted(rows, "status"),
        by_hold=_counted(rows.filter(status="queued").exclude(hold=""), "hold"),
        due=due.count(),
        silent=due.filter(status="running").count(),
        oldest_wait=now - oldest if oldest else None,
        finished_last_hour=rows.filter(finished_at__gte=now - timedelta(hours=1)).count(),
        spent_today=ModelCall.objects.spent_since(day),
        spent_month=ModelCall.objects.spent_since(day.replace(day=1)),
        budget_month=settings.CLAUDE_BUDGET_MONTH_USD,
        judge=judge_name(),
        calls=_calls_words(now),
        open_objections=Objection.objects.filter(resolved_at__isnull=True).count(),
    )


def _counted(rows, field: str) -> dict[str, int]:  # type: ignore[no-untyped-def]
    counts = rows.order_by().values(field).annotate(count=Count("pk"))
    return {row[field]: row["count"] for row in counts}


def _calls_words(now: datetime) -> str:
    """Whether the model may be called, or why not."""
    if not settings.ANTHROPIC_API_KEY and not is_own_model():
        return "no key"
    try:
        refuse_while_closed(now=now)
    except Held as held:
        return f"{Evaluation.Hold(held.hold).label} {switch_note()}".strip()
    return "open"
