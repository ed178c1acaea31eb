"""The queue that the table is: claiming, waking, giving up. Nothing here judges.

A claim is a conditional UPDATE that also counts the try, so two workers never hold one row, and
an answer that kills its worker every time ends as failed and not as an endless loop.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.services import usage
from common.nudge import nudge
from evaluation import subjects
from evaluation.models import Evaluation

Status = Evaluation.Status
WAKE_AT_ONCE = 500
LOST = "The feedback was started several times and never finished. Your answer is safe."


def claim(*, evaluation_id: int, now: datetime) -> Evaluation | None:
    """Take the row for a while and count the try; None when it is not due or another holds it."""
    ticket = uuid.uuid4()
    claimed = (
        Evaluation.objects.claimable_at(now)
        .filter(pk=evaluation_id, tries__lt=settings.EVALUATION_MAX_TRIES)
        .update(
            status=Status.RUNNING,
            claim=ticket,
            claimed_until=now + timedelta(seconds=settings.EVALUATION_LEASE_SECONDS),
            tries=F("tries") + 1,
            stage="reading",
            hold="",
            next_try_at=None,
            started_at=now,
        )
    )
    return Evaluation.objects.get(pk=evaluation_id) if claimed else None


def enter_stage(evaluation: Evaluation, stage: str) -> None:
    """What the page shows while it waits: reading, then scoring."""
    Evaluation.objects.filter(pk=evaluation.pk, claim=evaluation.claim).update(stage=stage)


def requeue_stalled(*, now: datetime) -> int:
    """Wake workers for everything that is due; end what has used up its tries. Counts both."""
    due = Evaluation.objects.claimable_at(now).order_by("pk")
    spent = list(due.filter(tries__gte=settings.EVALUATION_MAX_TRIES)[:WAKE_AT_ONCE])
    for evaluation in spent:
        _give_up(evaluation, now=now)
    waiting = due.filter(tries__lt=settings.EVALUATION_MAX_TRIES)
    waiting_ids = list(waiting.values_list("pk", flat=True)[:WAKE_AT_ONCE])
    for pk in waiting_ids:
        nudge("evaluation.run", pk)
    return len(spent) + len(waiting_ids)


@transaction.atomic(durable=True)
def _give_up(evaluation: Evaluation, *, now: datetime) -> None:
    # The filter is repeated in the UPDATE: a holder that stores at the last moment wins.
    ended = Evaluation.objects.claimable_at(now).filter(pk=evaluation.pk, claim=evaluation.claim)
    if ended.update(
        status=Status.FAILED,
        error=LOST,
        error_code="lost",
        claim=None,
        claimed_until=None,
        stage="",
        finished_at=now,
    ):
        usage.release(subject_kind="evaluation", subject_id=evaluation.pk, now=now, spoiled=True)
        evaluation.refresh_from_db()
        subjects.tell(evaluation)
