"""Runs of code and tests that are not as the judge and the sweep leave them."""

from __future__ import annotations

from diagnostics.faults.seeder import HOUR, FaultSeeder
from judge.models import CaseResult, CodeRun
from judge.services.requests import RunRequest, request_runs
from judge.specs import Case, CaseSpec, RunLimits
from sessions_app.assessments.models import Candidate
from sessions_app.proctoring.models import ProctoredSession


def stuck_runs(seeder: FaultSeeder, count: int) -> None:
    _runs(seeder, count)


def run_points(seeder: FaultSeeder, count: int) -> None:
    """One of two cases passed, and the run says that both did."""
    runs = _runs(seeder, count)
    for run in runs:
        values = {"run": run, "weight": 1}
        CaseResult.objects.create(**values, number=1, verdict="accepted", points=1)
        CaseResult.objects.create(**values, number=2, verdict="wrong_answer")
    ended = {"status": CodeRun.Status.DONE, "verdict": "wrong_answer", "finished_at": seeder.now}
    CodeRun.objects.filter(pk__in=[r.pk for r in runs]).update(**ended, earned=2, passed=1)


def unscored_tests(seeder: FaultSeeder, count: int) -> None:
    started = seeder.now - 3 * HOUR
    candidates = Candidate.objects.bulk_create(
        Candidate(name=f"Candidate {n}", email=f"u{n}@example.com") for n in range(count)
    )
    ProctoredSession.objects.bulk_create(
        ProctoredSession(
            candidate=candidate,
            status="completed",
            completion_method="manual",
            completed_at=started + HOUR,
            test_start_time=started,
            last_heartbeat=started,
            deadline=started + HOUR,
            created_at=started,
        )
        for candidate in candidates
    )


def _runs(seeder: FaultSeeder, count: int) -> list[CodeRun]:
    spec = CaseSpec(tuple(Case("a", "a", weight=1, hidden=True) for _ in range(2)), RunLimits())
    wanted = RunRequest("nobody", CodeRun.Priority.SCORING, "python", "print(input())", spec)
    return request_runs([wanted] * count, now=seeder.now - HOUR)
