"""Asking for runs, and taking back what still waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.jobs import RELEASED, send_on_commit
from judge.models import CaseSet, CodeRun
from judge.specs import CaseSpec

Status = CodeRun.Status
WORK_TASK = "judge.work"


@dataclass(frozen=True)
class RunRequest:
    """`kind` names whom to tell at the end (`judge.subjects`)."""

    kind: str
    priority: CodeRun.Priority
    language: str
    source: str
    spec: CaseSpec


@transaction.atomic
def request_runs(requests: Sequence[RunRequest], *, now: datetime) -> list[CodeRun]:
    """Queue programs and wake a worker when the caller's transaction commits; in their order.

    The rows keep cases and limits as they are now: later edits of a question change no run.
    """
    sets = _case_sets({request.spec.digest: request.spec for request in requests}, now=now)
    runs = [
        CodeRun(
            kind=request.kind,
            priority=request.priority,
            language=request.language,
            source=request.source,
            case_set=sets[request.spec.digest],
            cases=len(request.spec.cases),
            weight=request.spec.weight,
            created_at=now,
        )
        for request in requests
    ]
    CodeRun.objects.bulk_create(runs)
    if runs:
        send_on_commit(WORK_TASK)
    return runs


def _case_sets(specs: dict[str, CaseSpec], *, now: datetime) -> dict[str, CaseSet]:
    known = {row.digest: row for row in CaseSet.objects.filter(digest__in=specs)}
    # In the order of their hashes, so that two callers never wait for each other.
    missing = [
        CaseSet(
            digest=digest,
            cases=[case.to_json() for case in specs[digest].cases],
            limits=specs[digest].limits.to_json(),
            created_at=now,
        )
        for digest in sorted(specs.keys() - known.keys())
    ]
    if missing:
        CaseSet.objects.bulk_create(missing, ignore_conflicts=True)
        known = {row.digest: row for row in CaseSet.objects.filter(digest__in=specs)}
    return known


@transaction.atomic
def cancel_runs(run_ids: Iterable[int], *, now: datetime) -> int:
    """Stop those that have not come to an end; a worker that is at one stores nothing more."""
    waiting = CodeRun.objects.unfinished().filter(pk__in=list(run_ids))
    return waiting.update(**RELEASED, status=Status.CANCELLED, finished_at=now)
