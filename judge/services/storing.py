"""Storing what came of a try: the verdict, the next try, or the end without a verdict.

Every store repeats the claim in its WHERE: a worker that lost its claim stores nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from common.jobs import RELEASED, backoff
from judge import subjects
from judge.metrics import count_run
from judge.models import CaseResult, CodeRun, Verdict
from judge.transitions import move

Status = CodeRun.Status
LOST = "The run was started several times and never finished."


@dataclass(frozen=True)
class Judged:
    """A verdict with its results; or `failure`: why there is none, by our own fault."""

    verdict: str = ""
    results: list[CaseResult] = field(default_factory=list)
    compile_output: str = ""
    engine: str = ""
    versions: dict[str, Any] = field(default_factory=dict)
    failure: str = ""


@transaction.atomic(durable=True)
def store_judged(run: CodeRun, judged: Judged, *, now: datetime) -> bool:
    """Store verdict and results and tell the subject, in one transaction. False if too late."""
    stored = _move(
        run,
        Status.DONE,
        verdict=judged.verdict,
        compile_output=judged.compile_output,
        passed=sum(result.verdict == Verdict.ACCEPTED for result in judged.results),
        earned=sum(result.points for result in judged.results),
        engine=judged.engine,
        versions=judged.versions,
        error="",
        finished_at=now,
    )
    if stored:
        for result in judged.results:
            result.run_id = run.pk
        CaseResult.objects.bulk_create(judged.results)
        _tell(run)
    return stored


def store_failure(run: CodeRun, why: str, *, now: datetime) -> bool:
    """Queue the next try, or end without a verdict when none is left. False if too late."""
    error = why.replace("\0", "")[:2000]
    if run.tries < settings.JUDGE_MAX_TRIES:
        return _move(run, Status.QUEUED, error=error, next_try_at=now + backoff(tries=run.tries))
    with transaction.atomic(durable=True):
        stored = _move(
            run, Status.FAILED, verdict=Verdict.INTERNAL_ERROR, error=error, finished_at=now
        )
        if stored:
            _tell(run)
    return stored


@transaction.atomic(durable=True)
def give_up(run: CodeRun, *, now: datetime) -> None:
    """End without a verdict what has used up its tries, each of which killed its worker."""
    # The filter is repeated in the UPDATE: a worker that stores at the last moment wins.
    ended = CodeRun.objects.due_at(now).filter(pk=run.pk, claim=run.claim)
    failure = {"verdict": Verdict.INTERNAL_ERROR, "error": LOST, "finished_at": now}
    if ended.update(**RELEASED, status=Status.FAILED, **failure):
        _tell(run)


def _move(run: CodeRun, target: str, **changes: Any) -> bool:
    changes = {**RELEASED, **changes}
    return move(run.pk, source=Status.RUNNING, target=target, held_by=run.claim, **changes)


def _tell(run: CodeRun) -> None:
    run.refresh_from_db()
    transaction.on_commit(lambda: count_run(run.verdict or "none"))
    subjects.tell(run)
