"""Snapshots of many rows at once, and the changes that a repair itself has made so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from common.db import snapshots
from common.db.snapshots import Snapshot
from diagnostics.models import RepairAction, RepairRun
from diagnostics.types import RowRef

GONE = ""


class OwnChanges:
    """This run's own changes so far, which its later actions accept. Two ghosts of one day both
    lower the same count; another transaction's change of that count would stop the second."""

    def __init__(self, run: RepairRun) -> None:
        self._latest: dict[RowRef, str] = {}
        applied = run.actions.filter(state=RepairAction.State.APPLIED).order_by("pk")
        for action in applied.iterator(chunk_size=200):
            self.note(action.before, action.after)

    def note(self, before: list[Snapshot], after: list[Snapshot]) -> None:
        self._latest.update({ref_of(snapshot): GONE for snapshot in before})
        self._latest.update(_prints(after))

    def explain(self, planned: list[Snapshot], present: list[Snapshot]) -> bool:
        """Whether the rows are as planned, but for changes of this run."""
        seen, expected = _prints(present), _prints(planned)
        expected.update({ref: p for ref, p in self._latest.items() if ref in expected})
        return seen == {ref: p for ref, p in expected.items() if p != GONE}


def ref_of(snapshot: Snapshot) -> RowRef:
    return (snapshot["model"], str(snapshot["pk"]))


def _prints(rows: list[Snapshot]) -> dict[RowRef, str]:
    return {ref_of(row): snapshots.fingerprint([row]) for row in rows}


def of_refs(refs: Iterable[RowRef], *, lock: bool = False) -> dict[RowRef, Snapshot]:
    """Present snapshots by label and key as text, one query a model; with `lock` the rows are
    held until the commit."""
    by_model: dict[str, list[Any]] = {}
    for label, pk in refs:
        by_model.setdefault(label, []).append(pk)
    found = (snapshots.fetch(label, pks, lock=lock) for label, pks in by_model.items())
    return {ref_of(row): row for rows in found for row in rows}


def present_of(found: dict[RowRef, Snapshot], refs: Iterable[RowRef]) -> list[Snapshot]:
    """Those of `found` that `refs` name, each once, in order."""
    keys = {(label, str(pk)) for label, pk in refs}
    return in_order(found[key] for key in keys if key in found)


def are_disjoint(groups: Iterable[Iterable[RowRef]]) -> list[bool]:
    """For each group of rows, whether it shares none with an earlier group."""
    seen: set[RowRef] = set()
    free = []
    for group in groups:
        own = {(label, str(pk)) for label, pk in group}
        free.append(seen.isdisjoint(own))
        seen |= own
    return free


def in_order(found: Iterable[Snapshot]) -> list[Snapshot]:
    return sorted(found, key=ref_of)
