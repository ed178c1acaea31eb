"""Runs checks in isolation, so that one that fails reports itself and stops no other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from common import clock
from common.errors import DomainError
from diagnostics import registry
from diagnostics.models import DiagnosticRun, Finding, Severity
from diagnostics.types import Check, CheckResult, Scope

logger = logging.getLogger(__name__)

SAMPLE_SIZE = 10
Progress = Callable[[Check, int, int], None]


@dataclass(frozen=True)
class Issue:
    """One check's result, or (`error`) why it failed; `by_hand` is null where a repair exists."""

    check: str
    severity: str
    title: str
    reason: str
    count: int
    sample: list[dict[str, Any]]
    fixable: bool
    by_hand: str | None
    error: str | None


@dataclass(frozen=True)
class DiagnosisReport:
    """Issues only of checks that found something or broke; `summary` counts by severity."""

    issues: list[Issue]
    summary: dict[str, int]
    checks_run: int


def run_checks(
    *, checks: Iterable[Check], scope: Scope, progress: Progress | None = None
) -> list[CheckResult]:
    """Run checks one after another; `progress(check, number, total)` is called before each."""
    chosen = list(checks)
    results = []
    for number, check in enumerate(chosen, start=1):
        if progress is not None:
            progress(check, number, len(chosen))
        results.append(run_check(check, scope))
    return results


def run_check(check: Check, scope: Scope) -> CheckResult:
    started = time.perf_counter()
    problems, error = [], ""
    try:
        # A savepoint: a failing statement must not abort the transaction of the next check.
        with transaction.atomic():
            problems = list(check.find(scope))
    except DomainError as refusal:
        logger.warning("check %s could not look: %s", check.name, refusal.message)
        error = refusal.message
    except Exception as reason:  # the edge of one check
        logger.exception("check %s broke", check.name)
        error = f"{type(reason).__name__}: {reason}"
    return CheckResult(check, problems, time.perf_counter() - started, error)


def diagnose(
    *,
    trigger: str,
    now: datetime,
    names: Iterable[str] | None = None,
    user_id: int | None = None,
    requested_by: Any = None,
    progress: Progress | None = None,
) -> tuple[DiagnosticRun, list[CheckResult]]:
    """Run the checks, store the results as a run with findings, and return both.

    Raises Invalid for an unknown check name.
    """
    checks = registry.named(names)
    results = run_checks(checks=checks, scope=Scope(now, user_id), progress=progress)
    run = _store(results, trigger=trigger, now=now, user_id=user_id, requested_by=requested_by)
    return run, results


@transaction.atomic
def _store(
    results: list[CheckResult],
    *,
    trigger: str,
    now: datetime,
    user_id: int | None,
    requested_by: Any,
) -> DiagnosticRun:
    run = DiagnosticRun.objects.create(
        trigger=trigger,
        requested_by=requested_by,
        user_id_filter=user_id,
        checks=[r.check.name for r in results],
        started_at=now,
        finished_at=clock.now(),
        **summary(results),
    )
    Finding.objects.bulk_create(
        Finding(
            run=run,
            check_name=r.check.name,
            severity=r.check.severity,
            title=r.check.title,
            count=r.count,
            sample=[p.as_json() for p in r.problems[:SAMPLE_SIZE]],
            fixable=r.check.fixable,
            error=r.error,
            seconds=round(r.seconds, 4),
        )
        for r in results
    )
    return run


def summary(results: Iterable[CheckResult]) -> dict[str, int]:
    """How many problems of each severity."""
    counts = {severity.value: 0 for severity in Severity}
    for result in results:
        counts[result.check.severity] += result.count
    return counts


def report(results: list[CheckResult]) -> DiagnosisReport:
    """The JSON of the API and the command."""
    issues = [
        Issue(
            check=r.check.name,
            severity=r.check.severity.value,
            title=r.check.title,
            reason=r.check.reason,
            count=r.count,
            sample=[p.as_json() for p in r.problems[:SAMPLE_SIZE]],
            fixable=r.check.fixable,
            by_hand=r.check.by_hand or None,
            error=r.error or None,
        )
        for r in results
        if r.count or r.error
    ]
    return DiagnosisReport(issues, summary(results), len(results))
