"""Applying a plan: some fifty repairs in one transaction, each with its rows before and after.

When a repair fails, its batch is rolled back and done again one by one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.services import audit
from common import clock
from common.jobs import RELEASED, backoff, send_on_commit
from diagnostics import registry
from diagnostics.errors import NotPlanned
from diagnostics.models import RepairAction, RepairRun
from diagnostics.services.repair import RepairReport, report_of
from diagnostics.snapshots import OwnChanges, are_disjoint, of_refs, present_of
from diagnostics.types import Problem, RowRef

logger = logging.getLogger(__name__)

State = RepairAction.State
Status = RepairRun.Status
TOGETHER = 50
LEASE = timedelta(minutes=2)
Progress = Callable[[int, int], None]


def apply_run(
    *, run: RepairRun, now: datetime, executed_by: Any = None, progress: Progress | None = None
) -> RepairReport:
    """Apply a plan, or go on with it after a crash; a process that was applying it stops after its
    batch.

    Raises NotPlanned when it was applied or undone before.
    """
    open_still: list[str] = [Status.PLANNED, Status.APPLYING]
    held = _take(run, from_=open_still, now=now, executed_by=executed_by)
    report = apply_claimed(run=held, now=now, progress=progress)
    run.refresh_from_db()
    return report


def apply_claimed(
    *, run: RepairRun, now: datetime, progress: Progress | None = None
) -> RepairReport:
    """Apply what `claim` returned."""
    _work_on(run, now=now, progress=progress)
    run.refresh_from_db()
    return report_of(run, now=now, look_again=True)


def _work_on(run: RepairRun, *, now: datetime, progress: Progress | None = None) -> None:
    waiting = run.actions.filter(state=State.PLANNED).order_by("pk")
    pending = list(waiting.values_list("check_name", "pk"))
    own, done = OwnChanges(run), 0
    for _, of_check in groupby(pending, key=itemgetter(0)):
        pks = [pk for _, pk in of_check]
        while pks:
            batch, rest = pks[:TOGETHER], pks[TOGETHER:]
            later = _apply_batch(batch, own=own, now=now)
            done, pks = done + len(batch) - len(later), later + rest
            if not RepairRun.objects.extend(run, now=clock.now(), lease=LEASE):
                return
            if progress is not None:
                progress(done, len(pending))
    RepairRun.objects.held_by(run).update(**RELEASED, status=Status.APPLIED, error="")
    who = run.executed_by or "an operator"
    logger.info("repair %s: %s of %s done for %s", run.pk, done, len(pending), who)


def _apply_batch(pks: list[int], *, own: OwnChanges, now: datetime) -> list[int]:
    """One transaction; returns the actions that have to wait for rows of the others."""
    try:
        with transaction.atomic():
            applied, later = _apply_in_transaction(pks, own=own, now=now)
    except Exception as error:  # one bad row never stops the rest
        if len(pks) > 1:
            for pk in pks:
                _apply_batch([pk], own=own, now=now)
        else:
            logger.error("repair action %s failed", pks[0], exc_info=error)
            failed = RepairAction.objects.filter(pk=pks[0], state=State.PLANNED)
            failed.update(state=State.FAILED, note=f"{type(error).__name__}: {error}")
        return []
    for action in applied:
        own.note(action.before, action.after)
    return later


def _apply_in_transaction(
    pks: list[int], *, own: OwnChanges, now: datetime
) -> tuple[list[RepairAction], list[int]]:
    """Actions of one check that were applied, and those that share a row with one before them."""
    # Locked: a concurrent duplicate waits here and then finds nothing to do.
    planned = RepairAction.objects.select_for_update().filter(pk__in=pks, state=State.PLANNED)
    actions = list(planned.order_by("pk"))
    if not actions:
        return [], []
    repair = registry.get(actions[0].check_name).repair
    if repair is None:
        raise LookupError(f"{actions[0].check_name} has no repair")
    problems = [_problem(action) for action in actions]
    touched = repair.rows(problems)
    every = list(zip(actions, problems, touched, are_disjoint(touched), strict=True))
    batch = [(action, problem, refs) for action, problem, refs, is_free in every if is_free]
    present = of_refs((ref for _, _, refs in batch for ref in refs), lock=True)
    changed: list[list[RowRef]] = []
    for action, problem, refs in batch:
        seen = present_of(present, refs)
        if own.explain(action.before, seen):
            created = repair.apply(problem, now)
            action.state, action.before = State.APPLIED, seen
            changed.append([*refs, *created])
        else:
            action.state, action.note = State.SKIPPED, "The rows have changed since the plan."
            changed.append([])
    after = of_refs(chain.from_iterable(changed))
    for (action, _, _), refs in zip(batch, changed, strict=True):
        action.after = present_of(after, refs)
    done = [action for action, _, _ in batch]
    RepairAction.objects.bulk_update(done, ["state", "note", "before", "after"])
    applied = [action for action in done if action.state == State.APPLIED]
    return applied, [action.pk for action, _, _, is_free in every if not is_free]


def _problem(action: RepairAction) -> Problem:
    details = dict(action.details)
    return Problem(
        model=action.model,
        pk=action.row_pk,
        note=details.pop("note", ""),
        user_id=action.user_id_ref,
        details=details,
    )


def claim(*, run: RepairRun, now: datetime, executed_by: Any) -> RepairRun:
    """After this no other process may apply it, for `apply_claimed`. Raises NotPlanned when another
    one has."""
    return _take(run, from_=[Status.PLANNED], now=now, executed_by=executed_by)


def _take(run: RepairRun, *, from_: list[str], now: datetime, executed_by: Any) -> RepairRun:
    held = RepairRun.objects.filter(status__in=from_).take(
        run.pk,
        now=clock.now(),
        lease=LEASE,
        status=Status.APPLYING,
        executed_at=now,
        executed_by=executed_by or run.executed_by,
    )
    if held is None:
        raise NotPlanned
    audit.record("repair.applied", subject=held, actor=held.executed_by)
    return held


def is_for_a_worker(run: RepairRun) -> bool:
    """Whether a plan has more rows than a request applies."""
    return run.actions.count() > settings.REPAIR_ROWS_AT_ONCE


@transaction.atomic
def claim_for_worker(*, run: RepairRun, now: datetime, executed_by: Any) -> None:
    """Hand a large plan to a worker; the beat task finds it when the message is lost."""
    planned = RepairRun.objects.filter(pk=run.pk, status=Status.PLANNED)
    if not planned.update(status=Status.APPLYING, executed_at=now, executed_by=executed_by):
        raise NotPlanned
    run.refresh_from_db()
    audit.record("repair.applied", subject=run, actor=executed_by)
    send_on_commit("diagnostics.apply_repair", str(run.pk))


def apply_in_worker(*, run_id: str, now: datetime) -> None:
    """Apply a plan that was handed to a worker, unless another worker has it."""
    if run := RepairRun.objects.claim(run_id, now=clock.now(), lease=LEASE):
        _try(run, now=now)


def continue_repairs(*, now: datetime) -> None:
    """Go on with repairs whose claim ran out."""
    while run := RepairRun.objects.claim_next(now=clock.now(), lease=LEASE):
        _try(run, now=now)


def _try(run: RepairRun, *, now: datetime) -> None:
    try:
        _work_on(run, now=now)
    except Exception as error:  # one repair that fails never stops the others
        logger.exception("repair %s broke", run.pk)
        RepairRun.objects.held_by(run).update(
            **RELEASED,
            next_try_at=clock.now() + backoff(tries=run.tries),
            error=f"{type(error).__name__}: {error}",
        )
