"""Storing what became of a try: a verdict, a failure with its next try, or a hold.

Each write repeats the claim in its WHERE: a holder that lost its claim stores nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.services import usage
from common.jobs import RELEASED, backoff
from evaluation import subjects
from evaluation.models import SCORES, Evaluation
from evaluation.providers.errors import Held, ProviderError
from evaluation.transitions import move
from evaluation.types import Verdict

Status = Evaluation.Status
LEFT: dict[str, Any] = {**RELEASED, "stage": ""}
PLAIN_COLUMNS = (
    *SCORES,
    "suggested_framework",
    "example_point",
    "withheld_reason",
    "statement",
    "estimate",
    "injection_suspected",
)


@transaction.atomic(durable=True)
def store_verdict(*, evaluation: Evaluation, verdict: Verdict, now: datetime) -> str:
    """Store the outcome and tell the subject, in one transaction. "superseded" if too late."""
    changes = {**LEFT, **verdict_columns(verdict), "error": "", "error_code": ""}
    return _end(evaluation, target=verdict.status, now=now, changes=changes)


def store_failure(*, evaluation: Evaluation, error: ProviderError, now: datetime) -> str:
    """Queue the next try, or end as failed when none is left or none would help."""
    if isinstance(error, Held):
        return _hold(evaluation, error)
    if error.again and evaluation.tries < settings.EVALUATION_MAX_TRIES:
        delay = backoff(tries=evaluation.tries, retry_after=error.retry_after)
        changes = {**LEFT, "next_try_at": now + delay, "hold": "retry"}
        changes |= {"error": error.message, "error_code": error.code}
        return _move(evaluation, Status.QUEUED, changes)
    return _fail(evaluation, error=error, now=now)


def verdict_columns(verdict: Verdict) -> dict[str, Any]:
    """The columns of the row that a verdict fills."""
    columns = {name: getattr(verdict, name) for name in PLAIN_COLUMNS}
    columns["band"] = verdict.band or ""
    for name in ("strengths", "improvements", "board_notes"):
        columns[name] = list(getattr(verdict, name))
    for name in ("key_points", "observations"):
        columns[name] = [asdict(item) for item in getattr(verdict, name)]
    return columns | dict(verdict.usage)


@transaction.atomic(durable=True)
def _fail(evaluation: Evaluation, *, error: ProviderError, now: datetime) -> str:
    changes = {**LEFT, "error": error.message, "error_code": error.code}
    status = _end(evaluation, target=Status.FAILED, now=now, changes=changes)
    if status == Status.FAILED:
        usage.release(subject_kind="evaluation", subject_id=evaluation.pk, now=now, spoiled=True)
    return status


def _hold(evaluation: Evaluation, error: Held) -> str:
    # No call was made, so no try was used.
    changes = {**LEFT, "hold": error.hold, "next_try_at": error.until}
    return _move(evaluation, Status.QUEUED, changes | {"tries": evaluation.tries - 1})


def _end(evaluation: Evaluation, *, target: str, now: datetime, changes: dict[str, Any]) -> str:
    changes = changes | {"finished_at": now, "hold": "", "next_try_at": None}
    status = _move(evaluation, target, changes)
    if status == target:
        evaluation.refresh_from_db()
        subjects.tell(evaluation)
    return status


def _move(evaluation: Evaluation, target: str, changes: dict[str, Any]) -> str:
    moved = move(
        evaluation.pk, source=Status.RUNNING, target=target, held_by=evaluation.claim, **changes
    )
    return str(target) if moved else "superseded"
