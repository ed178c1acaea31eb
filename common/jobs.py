"""Tables that are job queues, and the message that wakes a worker for one row.

The broker only wakes workers: a lost message, a killed worker or an emptied Redis delays a job, it
never loses one. A message may therefore neither fail nor slow the request that sends it (by default
a hung broker blocked one for over 90 s).
"""

from __future__ import annotations

import logging
import random
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from celery import current_app
from django.conf import settings
from django.db import connections, models, transaction
from django.db.models import F, Q
from kombu.pools import producers

logger = logging.getLogger(__name__)

SILENT_AFTER_FAILURE_SECONDS = 30.0
SOCKET_TIMEOUT_SECONDS = 0.3
BACKOFF_SECONDS = 5
BACKOFF_CAP_SECONDS = 600
REQUEUED_AT_ONCE = 500
RELEASED: dict[str, Any] = {"claim": None, "claimed_until": None}

J = TypeVar("J", bound="Job")

_lock = threading.Lock()
_silent_until = 0.0
_connection: Any = None


class JobQuerySet(models.QuerySet[J]):
    def unfinished(self) -> Self:
        return self.filter(status__in=self.model.OPEN)

    def due_at(self, moment: datetime) -> Self:
        """Unfinished, its next try has come, and nobody holds it or the lease has run out."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=moment)
        ready = Q(next_try_at__isnull=True) | Q(next_try_at__lte=moment)
        return self.unfinished().filter(free, ready)

    def claim(self, pk: Any, *, now: datetime, lease: timedelta, **changes: Any) -> J | None:
        """Take one row for the length of the lease and count the try; None when it is not due.

        One conditional UPDATE, so two workers never hold one row. The try is counted here: a job
        that kills its worker each time uses up its tries too. `changes` are stored with the claim.
        """
        return self.due_at(now).take(pk, now=now, lease=lease, **changes)

    def take(self, pk: Any, *, now: datetime, lease: timedelta, **changes: Any) -> J | None:
        """Claim a row even while another worker holds it; that worker then stores nothing more."""
        ticket = uuid.uuid4()
        held = {"claim": ticket, "claimed_until": now + lease, "next_try_at": None}
        taken = self.filter(pk=pk).update(tries=F("tries") + 1, **held, **changes)
        return self.model._base_manager.filter(pk=pk, claim=ticket).first() if taken else None

    @transaction.atomic
    def claim_next(self, *, now: datetime, lease: timedelta, **changes: Any) -> J | None:
        """Claim the first due row in this queryset's order, skipping locked ones."""
        due = self.due_at(now)
        if connections[self.db].features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, no_key=True)
        pk = due.values_list("pk", flat=True).first()
        return None if pk is None else self.claim(pk, now=now, lease=lease, **changes)

    def held_by(self, job: J) -> Self:
        """The row as long as `job` still has the claim: what its holder stores goes through here,
        so that a holder that lost the claim stores nothing."""
        return self.unfinished().filter(pk=job.pk, claim=job.claim)

    def extend(self, job: J, *, now: datetime, lease: timedelta) -> bool:
        """Hold it for another lease; False when the claim was lost."""
        return self.held_by(job).update(claimed_until=now + lease) == 1


class Job(models.Model):
    """A row with work to do; the model keeps its own `status` and names those with work in `OPEN`.

    A worker holds it until `claimed_until`; `error` says why the last try failed.
    """

    OPEN: ClassVar[tuple[str, ...]]

    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN  # type: ignore[attr-defined]


def requeue(
    due: JobQuerySet[Any],
    *,
    task_name: str,
    max_tries: int,
    give_up: Callable[[Any], object],
) -> int:
    """Wake a worker for each due row, end those that have used up their tries; counts both.

    In the order of `due`, at most 500 of each.
    """
    spent = list(due.filter(tries__gte=max_tries)[:REQUEUED_AT_ONCE])
    for job in spent:
        give_up(job)
    waiting = due.filter(tries__lt=max_tries).values_list("pk", flat=True)
    waiting_ids = list(waiting[:REQUEUED_AT_ONCE])
    for pk in waiting_ids:
        send_on_commit(task_name, pk)
    return len(spent) + len(waiting_ids)


def backoff(*, tries: int, retry_after: float | None = None) -> timedelta:
    """Doubling from 5 s with jitter; the server's `Retry-After` wins, both capped at 10 minutes."""
    wanted = BACKOFF_SECONDS * 2 ** max(0, tries - 1)
    wanted *= random.uniform(0.75, 1.25)
    return timedelta(seconds=min(max(wanted, retry_after or 0), BACKOFF_CAP_SECONDS))


def send_on_commit(task_name: str, *args: Any) -> None:
    """Send a Celery task after the current transaction commits; errors are logged, never raised.

    After a failure nothing is sent for 30 s: the next periodic `requeue` sends the message.
    """
    transaction.on_commit(lambda: _send(task_name, args), robust=True)


def _send(task_name: str, args: tuple[Any, ...]) -> None:
    global _silent_until
    if not settings.REDIS_URL or time.monotonic() < _silent_until:
        return
    try:
        with producers[_write_connection()].acquire(block=True, timeout=1) as producer:
            current_app.send_task(task_name, args=args, producer=producer, retry=False)
    except Exception as error:  # whatever goes wrong with the broker
        _silent_until = time.monotonic() + SILENT_AFTER_FAILURE_SECONDS
        logger.warning("task %s not sent: %s", task_name, error)


def _write_connection() -> Any:
    global _connection
    with _lock:
        if _connection is None:
            _connection = current_app.connection_for_write()
            _connection.transport_options = {
                **(_connection.transport_options or {}),
                "socket_connect_timeout": SOCKET_TIMEOUT_SECONDS,
                "socket_timeout": SOCKET_TIMEOUT_SECONDS,
                "max_retries": 0,
            }
    return _connection


def forget_failures() -> None:
    """Send again at once; for tests."""
    global _silent_until
    _silent_until = 0.0
