"""Undo: snapshots are written back, newest repair first, where nothing has changed since."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction

from accounts.services import audit
from common.db import snapshots
from diagnostics import guards, registry
from diagnostics.errors import NotApplied
from diagnostics.models import RepairAction, RepairRun
from diagnostics.services.repair import RepairReport, report_of
from diagnostics.snapshots import are_disjoint, in_order, of_refs, present_of, ref_of

logger = logging.getLogger(__name__)

State = RepairAction.State
TOGETHER = 50
CHANGED = "Not undone: the rows have changed since the repair."


def undo_run(*, run: RepairRun, now: datetime, undone_by: Any = None) -> RepairReport:
    """Write snapshots back; rows changed since, or refused by the database, are left and noted.

    Raises NotApplied when there is nothing to undo.
    """
    if run.status != RepairRun.Status.APPLIED:
        raise NotApplied
    applied = run.actions.filter(state=State.APPLIED).order_by("-pk")
    pairs = list(applied.values_list("check_name", "pk"))
    for name, of_check in groupby(pairs, key=itemgetter(0)):
        check, pks = registry.find(name), [pk for _, pk in of_check]
        # Outside every transaction: inside one, SQLite cannot switch its enforcement off.
        with guards.off_on_sqlite() if check and check.forbidden else nullcontext():
            while pks:
                pks = _undo_batch(pks[:TOGETHER]) + pks[TOGETHER:]
    RepairRun.objects.filter(pk=run.pk).update(
        status=RepairRun.Status.UNDONE, undone_at=now, undone_by=undone_by
    )
    run.refresh_from_db()
    audit.record("repair.undone", subject=run, actor=undone_by)
    logger.info("repair %s undone for %s", run.pk, undone_by)
    return report_of(run, now=now)


def _undo_batch(pks: Sequence[int]) -> list[int]:
    """One transaction; returns the actions that have to wait for rows of newer ones."""
    try:
        with transaction.atomic():
            return _undo_in_transaction(pks)
    except Exception as error:  # one row that the database refuses never stops the rest
        if len(pks) > 1:
            for pk in pks:
                _undo_batch([pk])
        else:
            logger.error("undo of repair action %s failed", pks[0], exc_info=error)
            note = f"Not undone: {type(error).__name__}: {error}"
            RepairAction.objects.filter(pk=pks[0]).update(note=note)
        return []


def _undo_in_transaction(pks: Sequence[int]) -> list[int]:
    applied = RepairAction.objects.select_for_update().filter(pk__in=pks, state=State.APPLIED)
    actions = list(applied.order_by("-pk"))
    known = [sorted(map(ref_of, [*action.before, *action.after])) for action in actions]
    present = of_refs((ref for refs in known for ref in refs), lock=True)
    done, later = [], []
    for action, refs, free in zip(actions, known, are_disjoint(known), strict=True):
        if not free:
            later.append(action.pk)
            continue
        seen = present_of(present, refs)
        if snapshots.fingerprint(seen) == snapshots.fingerprint(in_order(action.after)):
            # Rows that the repair made are deleted; those that it changed or removed are as before.
            wanted, there = set(map(ref_of, action.before)), set(map(ref_of, seen))
            snapshots.remove(there - wanted)
            kept = [row for row in action.before if ref_of(row) in there]
            lost = [row for row in action.before if ref_of(row) not in there]
            snapshots.overwrite(snapshots.load(kept))
            snapshots.insert(snapshots.load(lost))
            action.state = State.UNDONE
        else:
            action.note = CHANGED
        done.append(action)
    RepairAction.objects.bulk_update(done, ["state", "note"])
    return later
