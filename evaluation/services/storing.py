"""Stores the result of a try: a verdict, a failure with its next try, or a hold.

Each write repeats the claim in its WHERE: a worker that lost its claim stores nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from common.jobs import RELEASED, backoff
from evaluation import subjects
from evaluation.models import Evaluation
from evaluation.providers.errors import Held, ProviderError
from evaluation.services.charging import give_back, hold_use
from evaluation.transitions import move
from evaluation.types import Verdict

Status = Evaluation.Status


@transaction.atomic(durable=True)
def store_verdict(*, evaluation: Evaluation, verdict: Verdict, now: datetime) -> str:
    """Store the outcome and notify the subject, in one transaction. "superseded" if too late."""
    columns = asdict(verdict) | {"band": verdict.band or "", "error": "", "error_code": ""}
    columns |= columns.pop("usage")
    return _end(evaluation, columns.pop("status"), now=now, **columns)


def store_failure(*, evaluation: Evaluation, error: ProviderError, now: datetime) -> str:
    """Queue the next try, or end as failed when none is left or none would help."""
    if isinstance(error, Held):  # no call was made, so no try was used
        waits = {"hold": error.hold, "next_try_at": error.until, "tries": evaluation.tries - 1}
        return _move(evaluation, Status.QUEUED, **waits)
    failure = {"error": error.message, "error_code": error.code}
    if error.again and evaluation.tries < settings.EVALUATION_MAX_TRIES:
        wait = backoff(tries=evaluation.tries, retry_after=error.retry_after)
        return _move(evaluation, Status.QUEUED, next_try_at=now + wait, hold="retry", **failure)
    with transaction.atomic(durable=True):
        hold_use(evaluation)
        status = _end(evaluation, Status.FAILED, now=now, **failure)
        if status == Status.FAILED:
            give_back(evaluation, now=now)
    return status


def _end(evaluation: Evaluation, target: str, *, now: datetime, **changes: Any) -> str:
    ended = {"finished_at": now, "hold": "", "next_try_at": None}
    status = _move(evaluation, target, **ended, **changes)
    if status == target:
        evaluation.refresh_from_db()
        subjects.tell(evaluation)
    return status


def _move(evaluation: Evaluation, target: str, **changes: Any) -> str:
    changes |= {**RELEASED, "stage": ""}
    moved = move(
        evaluation.pk, source=Status.RUNNING, target=target, held_by=evaluation.claim, **changes
    )
    return str(target) if moved else "superseded"
