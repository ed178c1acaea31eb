"""Undo: what was there is written back, newest repair first, where nothing has changed since."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import transaction

from common import rows
from diagnostics import guards, registry
from diagnostics.errors import NotApplied
from diagnostics.images import apart, in_order, of_refs, ref_of
from diagnostics.models import RepairAction, RepairRun
from diagnostics.services.repair import RepairReport, report_of
from diagnostics.types import RowRef

logger = logging.getLogger(__name__)

State = RepairAction.State
TOGETHER = 50
CHANGED = "Not undone: the rows have changed since the repair."


def undo_run(*, run: RepairRun, now: datetime, undone_by: Any = None) -> RepairReport:
    """Write back what was there; rows changed since, or refused by the database, are left and said.

    Raises NotApplied when there is nothing to undo.
    """
    if run.status != RepairRun.Status.APPLIED:
        raise NotApplied
    applied = run.actions.filter(state=State.APPLIED).order_by("-pk")
    pairs = list(applied.values_list("check_name", "pk"))
    for name, of_check in groupby(pairs, key=lambda pair: pair[0]):
        # Outside every transaction: inside one, SQLite does not change what it guards.
        with guards.off_on_sqlite() if _is_forbidden(name) else nullcontext():
            _undo_all([pk for _, pk in of_check])
    RepairRun.objects.filter(pk=run.pk).update(
        status=RepairRun.Status.UNDONE, undone_at=now, undone_by=undone_by
    )
    run.refresh_from_db()
    logger.info("repair %s undone for %s", run.pk, undone_by)
    return report_of(run, now=now)


def _is_forbidden(name: str) -> bool:
    return any(check.forbidden for check in registry.all_checks() if check.name == name)


def _undo_all(pks: list[int]) -> None:
    while pks:
        batch, rest = pks[:TOGETHER], pks[TOGETHER:]
        pks = _undo_together(batch) + rest


def _undo_together(pks: Sequence[int]) -> list[int]:
    """One transaction; returns the actions that have to wait for rows of newer ones."""
    try:
        with transaction.atomic():
            return _undo_in_transaction(pks)
    except Exception as error:  # one row that the database refuses never stops the rest
        if len(pks) > 1:
            for pk in pks:
                _undo_together([pk])
        else:
            logger.error("undo of repair action %s failed", pks[0], exc_info=error)
            note = f"Not undone: {type(error).__name__}: {error}"
            RepairAction.objects.filter(pk=pks[0]).update(note=note)
        return []


def _undo_in_transaction(pks: Sequence[int]) -> list[int]:
    applied = RepairAction.objects.select_for_update().filter(pk__in=pks, state=State.APPLIED)
    actions = list(applied.order_by("-pk"))
    known = [_known(action) for action in actions]
    present = of_refs((ref for refs in known for ref in refs), lock=True)
    done, later = [], []
    for action, refs, free in zip(actions, known, apart(known), strict=True):
        if not free:
            later.append(action.pk)
            continue
        seen = in_order(present[ref] for ref in refs if ref in present)
        if rows.fingerprint(seen) == rows.fingerprint(in_order(action.after)):
            _write_back(action, refs)
            action.state = State.UNDONE
        else:
            action.note = CHANGED
        done.append(action)
    RepairAction.objects.bulk_update(done, ["state", "note"])
    return later


def _known(action: RepairAction) -> list[RowRef]:
    return sorted({ref_of(image) for image in [*action.before, *action.after]})


def _write_back(action: RepairAction, known: Sequence[RowRef]) -> None:
    """Rows that the repair made go, the others get their image; each app writes its own."""
    before = {ref_of(image) for image in action.before}
    rows.remove([ref for ref in known if ref not in before])
    for label, own in groupby(action.before, key=lambda image: image["model"].split(".")[0]):
        module = importlib.import_module(f"{apps.get_app_config(label).name}.services.restore")
        module.restore_rows(list(own))
