"""Applying a plan: some fifty repairs in one transaction, each with its rows before and after.

A repair that fails takes nobody with it: its batch is rolled back and done again one by one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction

from common import clock, rows
from common.nudge import nudge
from diagnostics import registry
from diagnostics.errors import NotPlanned
from diagnostics.images import OwnChanges, apart, in_order, of_refs
from diagnostics.models import RepairAction, RepairRun
from diagnostics.services.repair import RepairReport, report_of
from diagnostics.types import Problem, Repair, RowRef

logger = logging.getLogger(__name__)

State = RepairAction.State
TOGETHER = 50
STALLED_AFTER = timedelta(minutes=2)
Progress = Callable[[int, int], None]


@dataclass
class Batch:
    """Actions of one check that touch no row in common, with the rows that each touches."""

    repair: Repair
    actions: list[RepairAction]
    problems: list[Problem]
    touched: list[list[RowRef]]
    later: list[int] = field(default_factory=list)


def apply_run(
    *, run: RepairRun, now: datetime, executed_by: Any = None, progress: Progress | None = None
) -> RepairReport:
    """Apply a plan; safe to run twice at once, and to go on with after a crash.

    Raises NotPlanned when it was applied or undone before.
    """
    claimable = RepairRun.objects.filter(
        pk=run.pk, state__in=[RepairRun.State.PLANNED, RepairRun.State.APPLYING]
    )
    if not claimable.update(
        state=RepairRun.State.APPLYING,
        executed_at=now,
        worked_at=clock.now(),
        executed_by=executed_by or run.executed_by,
    ):
        raise NotPlanned
    waiting = run.actions.filter(state=State.PLANNED).order_by("pk")
    pending = list(waiting.values_list("check_name", "pk"))
    own, done = OwnChanges(run), 0
    for _, of_check in groupby(pending, key=lambda pair: pair[0]):
        for count in _apply_all([pk for _, pk in of_check], own=own, now=now):
            done += count
            RepairRun.objects.filter(pk=run.pk).update(worked_at=clock.now())
            if progress is not None:
                progress(done, len(pending))
    RepairRun.objects.filter(pk=run.pk, state=RepairRun.State.APPLYING).update(
        state=RepairRun.State.APPLIED
    )
    run.refresh_from_db()
    who = run.executed_by or "an operator"
    logger.info("repair %s: %s of %s done for %s", run.pk, done, len(pending), who)
    return report_of(run, now=now, look_again=True)


def _apply_all(pks: list[int], *, own: OwnChanges, now: datetime) -> Iterable[int]:
    """Batch after batch; tells how many were done each time."""
    while pks:
        batch, rest = pks[:TOGETHER], pks[TOGETHER:]
        later = _apply_together(batch, own=own, now=now)
        yield len(batch) - len(later)
        pks = later + rest


def _apply_together(pks: list[int], *, own: OwnChanges, now: datetime) -> list[int]:
    """One transaction; returns the actions that have to wait for rows of the others."""
    try:
        with transaction.atomic():
            batch = _take(pks)
            if batch is None:
                return []
            _apply_in_transaction(batch, own=own, now=now)
    except Exception as error:  # one bad row never stops the rest
        if len(pks) > 1:
            for pk in pks:
                _apply_together([pk], own=own, now=now)
        else:
            _note_failure(pks[0], error)
        return []
    for action in batch.actions:
        if action.state == State.APPLIED:
            own.note(action.before, action.after)
    return batch.later


def _take(pks: list[int]) -> Batch | None:
    """Locks the actions: a twin waits here and then finds nothing to do."""
    planned = RepairAction.objects.select_for_update().filter(pk__in=pks, state=State.PLANNED)
    actions = list(planned.order_by("pk"))
    if not actions:
        return None
    name = actions[0].check_name
    repair = registry.get(name).repair
    if repair is None:
        raise LookupError(f"{name} has no repair")
    problems = [_problem(action) for action in actions]
    batch = Batch(repair, [], [], [])
    touched = repair.rows(problems)
    for action, problem, refs, free in zip(actions, problems, touched, apart(touched), strict=True):
        if not free:
            batch.later.append(action.pk)
            continue
        batch.actions.append(action)
        batch.problems.append(problem)
        batch.touched.append(refs)
    return batch


def _apply_in_transaction(batch: Batch, *, own: OwnChanges, now: datetime) -> None:
    present = of_refs((ref for refs in batch.touched for ref in refs), lock=True)
    changed: list[list[RowRef]] = []
    for action, problem, refs in zip(batch.actions, batch.problems, batch.touched, strict=True):
        seen = _images(present, refs)
        if own.explain(action.before, seen):
            created = batch.repair.apply(problem, now)
            action.state, action.before = State.APPLIED, seen
            changed.append([*refs, *created])
        else:
            action.state, action.note = State.SKIPPED, "The rows have changed since the plan."
            changed.append([])
    after = of_refs(ref for refs in changed for ref in refs)
    for action, refs in zip(batch.actions, changed, strict=True):
        action.after = _images(after, refs)
    RepairAction.objects.bulk_update(batch.actions, ["state", "note", "before", "after"])


def _images(images: dict[RowRef, rows.Image], refs: Iterable[RowRef]) -> list[rows.Image]:
    keys = {(label, str(pk)) for label, pk in refs}
    return in_order(images[key] for key in keys if key in images)


def _note_failure(pk: int, error: Exception) -> None:
    logger.error("repair action %s failed", pk, exc_info=error)
    RepairAction.objects.filter(pk=pk, state=State.PLANNED).update(
        state=State.FAILED, note=f"{type(error).__name__}: {error}"
    )


def _problem(action: RepairAction) -> Problem:
    details = dict(action.details)
    return Problem(
        model=action.model,
        pk=action.row_pk,
        note=details.pop("note", ""),
        user_id=action.user_id_ref,
        details=details,
    )


def claim(*, run: RepairRun, now: datetime, executed_by: Any) -> None:
    """From now on nobody else may apply it. Raises NotPlanned when somebody has."""
    planned = RepairRun.objects.filter(pk=run.pk, state=RepairRun.State.PLANNED)
    if not planned.update(
        state=RepairRun.State.APPLYING, executed_at=now, worked_at=now, executed_by=executed_by
    ):
        raise NotPlanned
    run.refresh_from_db()


def is_for_a_worker(run: RepairRun) -> bool:
    """Whether a plan has more rows than a request applies."""
    return run.actions.count() > settings.REPAIR_ROWS_AT_ONCE


@transaction.atomic
def claim_for_worker(*, run: RepairRun, now: datetime, executed_by: Any) -> None:
    """Hand a large plan to a worker; the beat finds it when the nudge gets lost."""
    claim(run=run, now=now, executed_by=executed_by)
    nudge("diagnostics.apply_repair", str(run.pk))


def continue_repairs(*, now: datetime) -> int:
    """Go on with repairs that nobody has worked at for a while."""
    stalled = RepairRun.objects.filter(
        state=RepairRun.State.APPLYING, worked_at__lt=now - STALLED_AFTER
    )
    for run in stalled:
        apply_run(run=run, now=now)
    return len(stalled)
