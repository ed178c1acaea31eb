"""Images of many rows at once, and what a repair itself has changed so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from common import rows
from diagnostics.models import RepairAction, RepairRun
from diagnostics.types import RowRef

GONE = ""


class OwnChanges:
    """What this run itself has changed so far: no surprise to its later actions. Two ghosts of
    one day both lower the same count; a stranger's change of that count would stop the second."""

    def __init__(self, run: RepairRun) -> None:
        self._latest: dict[RowRef, str] = {}
        applied = run.actions.filter(state=RepairAction.State.APPLIED).order_by("pk")
        for action in applied.iterator(chunk_size=200):
            self.note(action.before, action.after)

    def note(self, before: list[rows.Image], after: list[rows.Image]) -> None:
        self._latest.update({ref_of(image): GONE for image in before})
        self._latest.update(_prints(after))

    def explain(self, planned: list[rows.Image], present: list[rows.Image]) -> bool:
        """Whether the rows are as planned, but for changes of this run."""
        seen, expected = _prints(present), _prints(planned)
        expected.update({ref: p for ref, p in self._latest.items() if ref in expected})
        return seen == {ref: p for ref, p in expected.items() if p != GONE}


def ref_of(image: rows.Image) -> RowRef:
    return (image["model"], str(image["pk"]))


def _prints(images: list[rows.Image]) -> dict[RowRef, str]:
    return {ref_of(image): rows.fingerprint(image) for image in images}


def images_of(refs: Iterable[RowRef], *, lock: bool = False) -> list[rows.Image]:
    """Present images, one query a model; with `lock` the rows are held until the commit."""
    by_model: dict[str, list[Any]] = {}
    for label, pk in refs:
        by_model.setdefault(label, []).append(pk)
    found = (rows.fetch(label, pks, lock=lock) for label, pks in by_model.items())
    return in_order(image for images in found for image in images)


def of_refs(refs: Iterable[RowRef], *, lock: bool = False) -> dict[RowRef, rows.Image]:
    """Present images by label and key as text."""
    return {ref_of(image): image for image in images_of(refs, lock=lock)}


def apart(groups: Iterable[Iterable[RowRef]]) -> list[bool]:
    """For each group of rows, whether no group before it shares one: those may go together."""
    seen: set[RowRef] = set()
    free = []
    for group in groups:
        own = {(label, str(pk)) for label, pk in group}
        free.append(seen.isdisjoint(own))
        seen |= own
    return free


def in_order(images: Iterable[rows.Image]) -> list[rows.Image]:
    return sorted(images, key=ref_of)
