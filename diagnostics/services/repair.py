"""Plan, apply, undo. A plan keeps an image and a fingerprint of every row it would touch; applying
touches only rows that are still as planned; each action keeps before and after, so that undo can
write back exactly what was there."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count

from common import rows
from common.nudge import nudge
from diagnostics import registry
from diagnostics.errors import NoSuchRun, NotApplied, NotPlanned
from diagnostics.images import OwnChanges, images_of, in_order, ref_of
from diagnostics.models import RepairAction, RepairRun
from diagnostics.services.diagnose import run_check
from diagnostics.types import Check, Problem, Scope

logger = logging.getLogger(__name__)

State = RepairAction.State
BATCH = 200
STALLED_AFTER = timedelta(minutes=2)
Progress = Callable[[int, int], None]


@dataclass
class RepairReport:
    """How many actions ended how; `remaining` are the problems a check still finds afterwards."""

    run_id: str
    planned: int = 0
    applied: int = 0
    skipped: int = 0
    failed: int = 0
    undone: int = 0
    remaining: dict[str, int] = field(default_factory=dict)


def plan_repairs(
    *,
    trigger: str,
    now: datetime,
    names: Iterable[str] | None = None,
    user_id: int | None = None,
    limit: int | None = None,
    planned_by: Any = None,
) -> RepairRun:
    """Find what can be mended and write down what would be done; changes nothing else."""
    checks = [check for check in registry.named(names) if check.repair is not None]
    run = RepairRun.objects.create(
        trigger=trigger,
        checks=[check.name for check in checks],
        planned_by=planned_by,
        planned_at=now,
    )
    left = limit
    for check in checks:
        problems = run_check(check, Scope(now, user_id)).problems[:left]
        for chunk in batched(problems):
            RepairAction.objects.bulk_create(_planned(run, check, chunk))
        left = None if left is None else left - len(problems)
        if left == 0:
            break
    return run


def batched(problems: list[Problem]) -> Iterable[list[Problem]]:
    for start in range(0, len(problems), BATCH):
        yield problems[start : start + BATCH]


def _planned(run: RepairRun, check: Check, problems: list[Problem]) -> Iterable[RepairAction]:
    """One action a problem; the images of all of them take one query a model."""
    assert check.repair is not None  # noqa: S101 - narrowed by plan_repairs
    touched = check.repair.rows(problems)
    images = {ref_of(image): image for image in images_of(chain.from_iterable(touched))}
    for problem, refs in zip(problems, touched, strict=True):
        present = (images.get((label, str(pk))) for label, pk in refs)
        yield _action(run, check, problem, in_order([i for i in present if i is not None]))


def _action(
    run: RepairRun, check: Check, problem: Problem, before: list[rows.Image]
) -> RepairAction:
    assert check.repair is not None  # noqa: S101 - narrowed by plan_repairs
    return RepairAction(
        run=run,
        check_name=check.name,
        action=check.repair.action,
        model=problem.model,
        row_pk=str(problem.pk),
        user_id_ref=problem.user_id,
        details={"note": problem.note, **problem.details},
        fingerprint=rows.fingerprint(before),
        before=before,
    )


def get_run(run_id: Any) -> RepairRun:
    try:
        return RepairRun.objects.get(pk=run_id)
    except (RepairRun.DoesNotExist, ValueError, TypeError) as error:
        raise NoSuchRun from error
    except Exception as error:
        if type(error).__name__ == "ValidationError":
            raise NoSuchRun from error
        raise


def apply_run(
    *, run: RepairRun, now: datetime, executed_by: Any = None, progress: Progress | None = None
) -> RepairReport:
    """Apply a plan, row by row, each in a transaction of its own; safe to run twice at once, and
    to go on with after a crash. Raises NotPlanned when it was applied or undone before."""
    claimable = RepairRun.objects.filter(
        pk=run.pk, state__in=[RepairRun.State.PLANNED, RepairRun.State.APPLYING]
    )
    if not claimable.update(
        state=RepairRun.State.APPLYING,
        executed_at=now,
        executed_by=executed_by or run.executed_by,
    ):
        raise NotPlanned
    pending = list(
        run.actions.filter(state=State.PLANNED).order_by("pk").values_list("pk", flat=True)
    )
    own = OwnChanges(run)
    for number, pk in enumerate(pending, start=1):
        _apply_action(pk, own=own, now=now)
        if progress is not None:
            progress(number, len(pending))
    RepairRun.objects.filter(pk=run.pk, state=RepairRun.State.APPLYING).update(
        state=RepairRun.State.APPLIED
    )
    run.refresh_from_db()
    return report_of(run, now=now, look_again=True)


def _apply_action(pk: int, *, own: OwnChanges, now: datetime) -> None:
    try:
        with transaction.atomic():
            _apply_in_transaction(pk, own=own, now=now)
    except Exception as error:  # one bad row never stops the rest
        logger.exception("repair action %s failed", pk)
        RepairAction.objects.filter(pk=pk, state=State.PLANNED).update(
            state=State.FAILED, note=f"{type(error).__name__}: {error}"
        )


def _apply_in_transaction(pk: int, *, own: OwnChanges, now: datetime) -> None:
    # The conditional UPDATE locks the action: a twin waits here and then finds nothing to do.
    if not RepairAction.objects.filter(pk=pk, state=State.PLANNED).update(state=State.APPLIED):
        return
    action = RepairAction.objects.get(pk=pk)
    repair = registry.get(action.check_name).repair
    if repair is None:
        raise LookupError(f"{action.check_name} has no repair")
    problem = _problem(action)
    (touched,) = repair.rows([problem])
    present = images_of(touched, lock=True)
    if not own.explain(action.before, present):
        action.state, action.note = State.SKIPPED, "The rows have changed since the plan."
        action.save(update_fields=["state", "note"])
        return
    created = repair.apply(problem, now)
    action.before, action.after = present, images_of([*touched, *created])
    action.save(update_fields=["before", "after"])
    own.note(action.before, action.after)


def undo_run(*, run: RepairRun, now: datetime) -> RepairReport:
    """Write back what was there, newest action first; rows changed since are left alone and said.

    Raises NotApplied when there is nothing to undo.
    """
    if run.state != RepairRun.State.APPLIED:
        raise NotApplied
    for pk in run.actions.filter(state=State.APPLIED).order_by("-pk").values_list("pk", flat=True):
        _undo_action(pk)
    RepairRun.objects.filter(pk=run.pk).update(state=RepairRun.State.UNDONE, undone_at=now)
    run.refresh_from_db()
    return report_of(run, now=now)


def _undo_action(pk: int) -> None:
    try:
        with transaction.atomic():
            _undo_in_transaction(pk)
    except Exception as error:  # one row that the database refuses never stops the rest
        logger.exception("undo of repair action %s failed", pk)
        note = f"Not undone: {type(error).__name__}: {error}"
        RepairAction.objects.filter(pk=pk).update(note=note)


def _undo_in_transaction(pk: int) -> None:
    if not RepairAction.objects.filter(pk=pk, state=State.APPLIED).update(state=State.UNDONE):
        return
    action = RepairAction.objects.get(pk=pk)
    known = {(i["model"], i["pk"]) for i in [*action.before, *action.after]}
    if rows.fingerprint(images_of(sorted(known, key=str))) != rows.fingerprint(
        in_order(action.after)
    ):
        RepairAction.objects.filter(pk=pk).update(
            state=State.APPLIED, note="Not undone: the rows have changed since the repair."
        )
        return
    before = {(i["model"], i["pk"]) for i in action.before}
    rows.remove([key for key in known if key not in before])
    _restore(action.before)


def _restore(images: list[rows.Image]) -> None:
    """Each app writes back its own rows."""
    by_app: dict[str, list[rows.Image]] = {}
    for image in images:
        by_app.setdefault(image["model"].split(".")[0], []).append(image)
    for label, own in by_app.items():
        module = importlib.import_module(f"{apps.get_app_config(label).name}.services.restore")
        module.restore_rows(own)


def report_of(run: RepairRun, *, now: datetime, look_again: bool = False) -> RepairReport:
    """Count how a run's actions ended; with `look_again` its checks run once more."""
    report = RepairReport(run_id=str(run.pk))
    for state, count in run.actions.values_list("state").annotate(Count("pk")):
        setattr(report, state, count)
    if look_again:
        for name in run.checks:
            found = run_check(registry.get(name), Scope(now)).count
            if found:
                report.remaining[name] = found
    return report


def _problem(action: RepairAction) -> Problem:
    details = dict(action.details)
    return Problem(
        model=action.model,
        pk=action.row_pk,
        note=details.pop("note", ""),
        user_id=action.user_id_ref,
        details=details,
    )


@transaction.atomic
def claim_for_worker(*, run: RepairRun, now: datetime, executed_by: Any) -> None:
    """Hand a large plan to a worker; the beat finds it when the nudge gets lost."""
    planned = RepairRun.objects.filter(pk=run.pk, state=RepairRun.State.PLANNED)
    if not planned.update(state=RepairRun.State.APPLYING, executed_at=now, executed_by=executed_by):
        raise NotPlanned
    run.refresh_from_db()
    nudge("diagnostics.apply_repair", str(run.pk))


def continue_repairs(*, now: datetime) -> int:
    """Go on with repairs that nobody has worked at for a while."""
    stalled = RepairRun.objects.filter(
        state=RepairRun.State.APPLYING, executed_at__lt=now - STALLED_AFTER
    )
    for run in stalled:
        apply_run(run=run, now=now)
    return len(stalled)
