"""Answers whose feedback no worker is preparing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from common.jobs import RELEASED, send_on_commit
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope, own_row, problems_of
from evaluation.models import Evaluation
from evaluation.services.requests import request_evaluation
from practice.models import Submission, SubmissionHistory
from practice.rubrics import rubric_of
from sessions_app.interviews.models import Attempt

LATE = timedelta(minutes=10)
EVALUATION = Evaluation._meta.label
Status = Evaluation.Status


def find_unevaluated(scope: Scope) -> Iterable[Problem]:
    """Submissions and attempts that point to no evaluation; answers kept over the limit wait for a
    request of the learner and are no fault."""
    before = scope.now - LATE
    for model, path, moment in (
        (Submission, "practice__session__user_id", "submitted_at"),
        (SubmissionHistory, "practice__session__user_id", "submitted_at"),
        (Attempt, "session__user_id", "created_at"),
    ):
        rows: Any = model._base_manager.filter(evaluation__isnull=True, **{f"{moment}__lt": before})
        if model is Attempt:
            rows = rows.filter(unscored="")
        waiting = scope.of_user(rows, path).order_by("pk").values_list("pk", moment, path)
        for pk, at, owner in waiting:
            note = f"Handed in {at:%Y-%m-%d %H:%M %Z}, never evaluated."
            yield Problem(model._meta.label, pk, note, user_id=owner)


def evaluate(problem: Problem, now: datetime) -> list[RowRef]:
    """Free of charge: the missing request was our failure."""
    model = {m._meta.label: m for m in (Submission, SubmissionHistory, Attempt)}[problem.model]
    row: Any = model._base_manager.get(pk=problem.pk)
    of_attempt = isinstance(row, Attempt)
    session = row.session if of_attempt else row.practice.session
    question = row.question if of_attempt else row.practice.question
    row.evaluation = request_evaluation(
        owner=session.user,
        kind="interview_attempt" if of_attempt else "practice_submission",
        rubric=rubric_of(question),
        answer=row.answer_text,
        now=now,
        charge=False,
    )
    row.save(update_fields=["evaluation"])
    return [(EVALUATION, row.evaluation.pk)]


def find_stalled(scope: Scope) -> Iterable[Problem]:
    """The beat requeues these every half minute; ten minutes late means that it does not run."""
    late = scope.now - LATE
    queued = Q(status=Status.QUEUED) & (
        Q(next_try_at__lt=late) | Q(next_try_at__isnull=True, created_at__lt=late)
    )
    running = Q(status=Status.RUNNING, claimed_until__lt=late)
    rows = Evaluation.objects.filter(queued | running, hold="")
    shown = rows.only("owner_id", "status", "created_at", "tries")
    note = "{row.status} since {row.created_at:%Y-%m-%d %H:%M %Z}, try {row.tries}."
    return problems_of(scope, shown, note, user="owner_id")


def wake(problem: Problem, now: datetime) -> list[RowRef]:
    """Back into the queue, free of charge and with all its tries; a worker is woken at once."""
    Evaluation.objects.unfinished().filter(pk=problem.pk).update(
        **RELEASED, status=Status.QUEUED, next_try_at=now, tries=0
    )
    send_on_commit("evaluation.run", int(problem.pk))
    return []


CHECKS = [
    Check(
        name="unevaluated_answers",
        title="Answers that were handed in and never evaluated",
        reason="Feedback is what people hand in for; without a row nothing will ever prepare it.",
        severity=Severity.HIGH,
        find=find_unevaluated,
        repair=Repair("Ask for the evaluation", own_row, evaluate),
    ),
    Check(
        name="stalled_evaluations",
        title="Evaluations that nobody works at",
        reason="The worker or the beat is down, or the queue was lost: people wait.",
        severity=Severity.HIGH,
        find=find_stalled,
        repair=Repair("Put it back into the queue", own_row, wake),
    ),
]
