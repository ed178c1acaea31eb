"""Closes tests for which it is due. Safe twice at once; one bad row never stops the rest."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.selectors.sessions import Lag, sweep_lag
from sessions_app.proctoring.services.outages import record_sweep, web_away_since
from sessions_app.proctoring.services.scoring import score_abandoned
from sessions_app.proctoring.services.status import close_due_sessions, due_of

log = logging.getLogger(__name__)

# A batch is one transaction: no candidate waits for more rows than these to be closed.
BATCH = 100


@dataclass(frozen=True)
class SweepReport:
    """The result of a sweep or of its plan; `lag` as it was found, `failed` stayed as they were.

    `scored`: runs queued to score tests that were left, and whose time is over now.
    `web_away_since`: nothing was closed, because no web process has recorded a heartbeat since
    then.
    """

    lag: Lag
    closed: dict[str, int] = field(default_factory=dict)
    failed: tuple[UUID, ...] = ()
    given_back_seconds: float = 0.0
    web_away_since: datetime | None = None
    scored: int = 0

    @property
    def total(self) -> int:
        return sum(self.closed.values())


def sweep_sessions(*, now: datetime, batch: int = BATCH, with_lost: bool = True) -> SweepReport:
    """Abandon silent tests and complete those past their deadline, stamped with when it was due.

    Closes nothing while the web is away: candidates cannot beat then, and get the time back when it
    returns (`services.outages`).
    """
    outage = record_sweep(now=now)
    lag, away_since = sweep_lag(now=now), web_away_since(now=now)
    if away_since:
        return SweepReport(lag, web_away_since=away_since)
    closed, failed = Counter[str](), list[UUID]()
    due = due_ids(now=now, with_lost=with_lost)
    for start in range(0, len(due), batch):
        done, bad = _close_batch(due[start : start + batch], now=now)
        closed.update(done)
        failed.extend(bad)
    scored = _score_abandoned(now=now)
    away = (outage.ended_at - outage.started_at).total_seconds() if outage else 0.0
    return SweepReport(lag, dict(closed), tuple(failed), away, scored=scored)


def _score_abandoned(*, now: datetime) -> int:
    try:
        return score_abandoned(now=now)
    except Exception:  # the tests that were just closed stay closed
        log.exception("sweep: abandoned tests could not be scored")
        return 0


def plan_sweep(*, now: datetime) -> SweepReport:
    """What `sweep_sessions` would do now; writes nothing."""
    lag, away_since = sweep_lag(now=now), web_away_since(now=now)
    if away_since:
        return SweepReport(lag, web_away_since=away_since)
    closed: Counter[str] = Counter()
    sessions = ProctoredSession.objects.select_related("beat").filter(pk__in=due_ids(now=now))
    for session in sessions.iterator(chunk_size=BATCH):
        due = due_of(session, getattr(session, "beat", None), now=now)
        if due is not None:
            closed[due.method] += 1
    return SweepReport(lag, dict(closed))


def due_ids(*, now: datetime, with_lost: bool = True) -> list[UUID]:
    """Ids of the tests that may be due, in the order in which they are locked.

    Scans the beat rows, and of the sessions what the index says is due. `with_lost` also looks for
    silent tests that have no beat row, which only a deletion by hand can cause and which costs ten
    times the rest.
    """
    sessions = ProctoredSession.objects.order_by()
    ids = set(SessionBeat.objects.silent_at(now).values_list("pk", flat=True))
    ids.update(sessions.past_deadline_at(now).values_list("pk", flat=True))
    if with_lost:
        lost = sessions.without_beat_row().silent_at(now)
        ids.update(lost.values_list("pk", flat=True))
    return sorted(ids)


def looks_for_lost_rows(now: datetime) -> bool:
    """Of the sweeps that run every 15 s, one or two in five minutes."""
    return now.minute % 5 == 0 and now.second < 30


def _close_batch(ids: list[UUID], *, now: datetime) -> tuple[Counter[str], list[UUID]]:
    try:
        with transaction.atomic():
            done = close_due_sessions(ids, now=now, skip_locked=True)
        return Counter(str(due.method) for due in done), []
    except Exception:  # noqa: BLE001 -- whatever is wrong with one row, the others go on
        if len(ids) == 1:
            log.exception("sweep: test %s could not be closed", ids[0])
            return Counter(), ids
    # One row fails the statement of its batch: halve until it stands alone.
    middle = len(ids) // 2
    closed, failed = _close_batch(ids[:middle], now=now)
    more, also_failed = _close_batch(ids[middle:], now=now)
    return closed + more, failed + also_failed
