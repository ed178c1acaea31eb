"""Code that waits without being run, tests without scores, scores that their cases do not say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from common.jobs import RELEASED, send_on_commit
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope, own_row
from judge.models import CodeRun
from judge.services.requests import WORK_TASK
from sessions_app.proctoring.models import ProctoredSession, SessionRun
from sessions_app.proctoring.services.scoring import queue_scoring, unscored_at
from sessions_app.proctoring.states import Status

LATE = timedelta(minutes=10)
RUN = CodeRun._meta.label


def find_stuck(scope: Scope) -> Iterable[Problem]:
    """Candidates are no users: a diagnosis of one user finds none, here and below."""
    if scope.user_id is not None:
        return
    for run in CodeRun.objects.stuck_at(scope.now - LATE).defer("source").order_by("pk"):
        note = f"{run.language}, {run.status} since {run.created_at:%Y-%m-%d %H:%M %Z}."
        yield Problem(RUN, run.pk, note)


def wake(problem: Problem, now: datetime) -> list[RowRef]:
    """Back into the queue with all its tries; a worker is woken at once."""
    CodeRun.objects.unfinished().filter(pk=problem.pk).update(
        **RELEASED, status=CodeRun.Status.QUEUED, next_try_at=now, tries=0
    )
    send_on_commit(WORK_TASK)
    return []


def find_unscored(scope: Scope) -> Iterable[Problem]:
    if scope.user_id is not None:
        return
    completed = Q(status=Status.COMPLETED, voided_at__isnull=True, scoring_asked_at__isnull=True)
    rows = ProctoredSession.objects.filter(completed, completed_at__lt=scope.now - LATE)
    for session in (rows | unscored_at(scope.now - LATE)).order_by("pk"):
        note = f"{session.status}, deadline {session.deadline:%Y-%m-%d %H:%M %Z}."
        yield Problem(ProctoredSession._meta.label, session.pk, note)


def score(problem: Problem, now: datetime) -> list[RowRef]:
    queue_scoring([problem.pk], now=now)
    return scoring_rows(problem.pk)


def scoring_rows(candidate_id: Any) -> list[RowRef]:
    """The runs that count for a test, then the rows that tie them to it."""
    counting = SessionRun.objects.filter(session=candidate_id, counts=True)
    rows = list(counting.values_list("pk", "run_id"))
    return [*((RUN, run) for _, run in rows), *((SessionRun._meta.label, pk) for pk, _ in rows)]


def find_disagreeing(scope: Scope) -> Iterable[Problem]:
    if scope.user_id is not None:
        return
    accepted = Count("results", filter=Q(results__verdict="accepted"))
    summed = CodeRun.objects.filter(status=CodeRun.Status.DONE).annotate(
        by_cases=Coalesce(Sum("results__points"), 0), accepted=accepted
    )
    wrong = summed.exclude(earned=F("by_cases"), passed=F("accepted"))
    for pk, earned, points in wrong.order_by("pk").values_list("pk", "earned", "by_cases"):
        yield Problem(RUN, pk, f"{earned} points, its cases make {points}.")


def recount(problem: Problem, now: datetime) -> list[RowRef]:
    run = CodeRun.objects.get(pk=problem.pk)
    results = list(run.results.all())
    CodeRun.objects.filter(pk=run.pk).update(
        earned=sum(result.points for result in results),
        passed=sum(result.verdict == "accepted" for result in results),
    )
    return []


CHECKS = [
    Check(
        name="stuck_runs",
        title="Code that waits to be run",
        reason="No code worker, no sandbox, or not its language: candidates and scores wait.",
        severity=Severity.HIGH,
        find=find_stuck,
        repair=Repair("Put it back into the queue", own_row, wake),
    ),
    Check(
        name="unscored_tests",
        title="Ended tests that were never handed over to be scored",
        reason="Scoring begins with the end of a test; without it nobody ever sees a score.",
        severity=Severity.HIGH,
        find=find_unscored,
        repair=Repair("Queue its answers", own_row, score),
    ),
    Check(
        name="run_points",
        title="Runs whose points are not those of their cases",
        reason="The score of a test is made of them.",
        severity=Severity.CRITICAL,
        find=find_disagreeing,
        repair=Repair("Count the cases again", own_row, recount),
    ),
]
