"""Asking for feedback: request, cancel, retry, and taking the local check instead of waiting."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import usage
from common.jobs import RELEASED, send_on_commit
from evaluation.errors import NotCancellable, NotRetryable, NotWaiting
from evaluation.models import Evaluation
from evaluation.providers import chosen_provider
from evaluation.services.charging import USE, give_back, hold_use, take_again
from evaluation.transitions import move
from evaluation.types import Diagram, Rubric

Status = Evaluation.Status
RUN_TASK = "evaluation.run"
FRESH: dict[str, Any] = {
    **RELEASED,
    "tries": 0,
    "next_try_at": None,
    "hold": "",
    "stage": "",
    "error": "",
    "error_code": "",
    "finished_at": None,
}


def request_evaluation(  # noqa: PLR0913 - one request, one snapshot
    *,
    owner: User,
    kind: str,
    rubric: Rubric,
    answer: str,
    diagram: Diagram | None = None,
    asked_back: Sequence[str] = (),
    now: datetime,
    charge: bool = True,
    paid_by: Evaluation | None = None,
) -> Evaluation:
    """Queue an answer for judgment and wake a worker when the caller's transaction commits.

    Joins the caller's transaction. The snapshot holds the whole rubric, so later edits of the
    question do not change what was asked. Raises LimitReached, before anything is written, when
    today's feedback is used up; without `charge` (what we owe from an earlier failure) the day's
    feedback is left alone. With `paid_by`, which judges the first answer of a dialogue, both use
    one; where that was given back it is taken again. `asked_back` are an interviewer's questions,
    to which the last paragraphs of the answer reply: they are no words of the learner's.
    """
    # A request counts as used; it is given back when a failure of ours is stored.
    used = None
    if paid_by is not None:
        hold_use(paid_by)
        take_again(paid_by, now=now)
    elif charge:
        used = usage.consume(user=owner, kind=USE, now=now)
    evaluation = Evaluation.objects.create(
        owner=owner,
        paid_by=paid_by,
        kind=kind,
        provider=chosen_provider(),
        question_key=question_key(rubric),
        input={
            "rubric": rubric.to_json(),
            "answer": answer,
            "diagram": diagram.to_json() if diagram else None,
            **({"asked_back": list(asked_back)} if asked_back else {}),
        },
        created_at=now,
    )
    if used is not None:
        usage.attach(used, subject_kind=USE, subject_id=evaluation.pk)
    send_on_commit(RUN_TASK, evaluation.pk)
    return evaluation


def question_key(rubric: Rubric) -> str:
    """Tells one question from another by its prompt: 32 hex digits."""
    return key_of_prompt(rubric.prompt)


def key_of_prompt(prompt: str) -> str:
    return hashlib.sha256(prompt.strip().encode()).hexdigest()[:32]


@transaction.atomic
def cancel_evaluation(*, evaluation: Evaluation, now: datetime) -> Evaluation:
    """Stop an evaluation that has not come to an end. A worker that is at it may store no more.

    The day's use is given back, unless it bought a verdict: before (staff had it judged again), or
    one on the same dialogue.
    """
    hold_use(evaluation)
    for source in (Status.QUEUED, Status.RUNNING):
        changes = {**FRESH, "finished_at": now}
        if move(evaluation.pk, source=source, target=Status.CANCELLED, **changes):
            evaluation.refresh_from_db()
            give_back(evaluation, now=now)
            return evaluation
    raise NotCancellable


@transaction.atomic
def retry_evaluation(
    *, evaluation: Evaluation, now: datetime, provider: str | None = None
) -> Evaluation:
    """Queue a failed or cancelled evaluation again.

    The use that the failure or the cancellation gave back is taken again, so that what is
    delivered is charged once: raises LimitReached when today's feedback is used up. `provider`
    "local" takes the local rubric check instead of Claude, at the learner's wish.
    """
    hold_use(evaluation)
    for source in (Status.FAILED, Status.CANCELLED):
        changes = {**FRESH, "provider": provider or chosen_provider()}
        if move(evaluation.pk, source=source, target=Status.QUEUED, **changes):
            take_again(evaluation, now=now)
            evaluation.refresh_from_db()
            send_on_commit(RUN_TASK, evaluation.pk)
            return evaluation
    raise NotRetryable


@transaction.atomic
def use_local_check(*, evaluation: Evaluation, now: datetime) -> Evaluation:
    """Take the local rubric check for an answer that waits for Claude, or that Claude failed."""
    waiting = Evaluation.objects.filter(pk=evaluation.pk, status=Status.QUEUED)
    if waiting.update(**FRESH, provider=Evaluation.Provider.LOCAL):
        evaluation.refresh_from_db()
        send_on_commit(RUN_TASK, evaluation.pk)
        return evaluation
    try:
        return retry_evaluation(evaluation=evaluation, provider="local", now=now)
    except NotRetryable as error:
        raise NotWaiting from error
