"""The queue of evaluations: claiming, waking, giving up. No judging here."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from common.jobs import RELEASED, requeue
from evaluation import subjects
from evaluation.models import Evaluation
from evaluation.services.charging import give_back, hold_use

Status = Evaluation.Status
LOST = "The feedback was started several times and never finished. Your answer is safe."


def claim(*, evaluation_id: int, now: datetime) -> Evaluation | None:
    """Take the row for a while and count the try; None when it is not due or another holds it."""
    return Evaluation.objects.filter(tries__lt=settings.EVALUATION_MAX_TRIES).claim(
        evaluation_id,
        now=now,
        lease=timedelta(seconds=settings.EVALUATION_LEASE_SECONDS),
        status=Status.RUNNING,
        stage="reading",
        hold="",
        started_at=now,
    )


def requeue_stalled(*, now: datetime) -> int:
    """Wake workers for everything that is due; end what has used up its tries. Counts both."""
    return requeue(
        Evaluation.objects.due_at(now).order_by("pk"),
        task_name="evaluation.run",
        max_tries=settings.EVALUATION_MAX_TRIES,
        give_up=partial(give_up, now=now),
    )


@transaction.atomic(durable=True)
def give_up(evaluation: Evaluation, *, now: datetime) -> None:
    """End as failed what has used up its tries; the day's use is given back."""
    # The filter is repeated in the UPDATE: a worker that stores at the last moment takes
    # precedence.
    hold_use(evaluation)
    ended = Evaluation.objects.due_at(now).filter(pk=evaluation.pk, claim=evaluation.claim)
    if ended.update(
        **RELEASED, status=Status.FAILED, error=LOST, error_code="lost", stage="", finished_at=now
    ):
        evaluation.refresh_from_db()
        give_back(evaluation, now=now)
        subjects.tell(evaluation)
