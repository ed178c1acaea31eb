"""Plans repairs and reports their results. A plan keeps snapshot and fingerprint of every row that
it would touch; `applying` touches only rows that are still as planned, `undoing` writes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db.models import Count

from common.db import snapshots
from diagnostics import registry
from diagnostics.errors import NoSuchRun
from diagnostics.models import RepairAction, RepairRun
from diagnostics.services.diagnose import run_check
from diagnostics.snapshots import of_refs, present_of
from diagnostics.types import Check, Scope

BATCH = 200


@dataclass
class RepairReport:
    """How many actions ended how; `remaining` are the problems that a check still finds afterwards,
    `broken` the checks that failed, with the reason."""

    run_id: str
    planned: int = 0
    applied: int = 0
    skipped: int = 0
    failed: int = 0
    undone: int = 0
    remaining: dict[str, int] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


def plan_repairs(
    *,
    trigger: str,
    now: datetime,
    names: Iterable[str] | None = None,
    user_id: int | None = None,
    limit: int | None = None,
    planned_by: Any = None,
    run_id: UUID | None = None,
) -> RepairRun:
    """Find what can be repaired and store what would be done; changes nothing else.

    A check that fails is noted in the run's `broken`; the others are planned all the same.
    """
    checks = [check for check in registry.named(names) if check.repair is not None]
    run = RepairRun.objects.create(
        pk=run_id or uuid4(),
        trigger=trigger,
        checks=[check.name for check in checks],
        user_id_filter=user_id,
        planned_by=planned_by,
        planned_at=now,
    )
    left = limit
    for check in checks:
        planned = _plan_check(run, check, Scope(now, user_id), most=left)
        left = None if left is None else left - planned
        if left == 0:
            break
    if run.broken:
        run.save(update_fields=["broken"])
    return run


def _plan_check(run: RepairRun, check: Check, scope: Scope, *, most: int | None) -> int:
    """Stores the repairs of one check's problems, one action a problem; returns how many. The
    snapshots of a batch take one query a model."""
    repair = check.repair
    if repair is None:
        return 0
    result = run_check(check, scope)
    if result.error:
        run.broken[check.name] = result.error
    problems = result.problems[:most]
    for start in range(0, len(problems), BATCH):
        chunk = problems[start : start + BATCH]
        touched = repair.rows(chunk)
        present = of_refs(chain.from_iterable(touched))
        befores = [present_of(present, refs) for refs in touched]
        RepairAction.objects.bulk_create(
            RepairAction(
                run=run,
                check_name=check.name,
                action=repair.action,
                model=problem.model,
                row_pk=str(problem.pk),
                user_id_ref=problem.user_id,
                details={"note": problem.note, **problem.details},
                fingerprint=snapshots.fingerprint(before),
                before=before,
            )
            for problem, before in zip(chunk, befores, strict=True)
        )
    return len(problems)


def get_run(run_id: Any) -> RepairRun:
    """Raises NoSuchRun (404), also for a malformed id."""
    try:
        return RepairRun.objects.get(pk=run_id)
    except (RepairRun.DoesNotExist, ValidationError, ValueError, TypeError) as error:
        raise NoSuchRun from error


def not_as_wished(run: RepairRun, *, most: int = 10) -> list[RepairAction]:
    """Some of the actions that were skipped, failed or not undone; their note says why."""
    return list(run.actions.exclude(note="").defer("before", "after").order_by("pk")[:most])


def report_of(run: RepairRun, *, now: datetime, look_again: bool = False) -> RepairReport:
    """Count how a run's actions ended; with `look_again` its checks run once more, as it did."""
    report = RepairReport(run_id=str(run.pk), broken=dict(run.broken))
    for state, count in run.actions.values_list("state").annotate(Count("pk")):
        setattr(report, state, count)
    for name in run.checks if look_again else ():
        result = run_check(registry.get(name), Scope(now, run.user_id_filter))
        if result.error:
            report.broken[name] = result.error
        elif result.count:
            report.remaining[name] = result.count
    return report
