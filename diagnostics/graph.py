"""Rows with their descendants, for snapshots and for removals that name every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import models

from common.db import snapshots
from diagnostics.types import Problem, RowRef


def with_descendants(label: str, pk: Any) -> list[RowRef]:
    """The row and every row that would be deleted with it, parents first."""
    return trees(label, [pk])[str(pk)]


def trees(label: str, pks: Sequence[Any]) -> dict[str, list[RowRef]]:
    """Rows with all their descendants by the row's key as text: one query a relation, not a row."""
    found: dict[str, list[RowRef]] = {str(pk): [(label, pk)] for pk in pks}
    for relation in apps.get_model(label)._meta.related_objects if pks else ():
        if relation.on_delete is not models.CASCADE or relation.many_to_many:
            continue
        model, name = relation.related_model, relation.field.attname
        below = model._base_manager.filter(**{f"{name}__in": list(pks)}).order_by("pk")
        parents = dict(below.values_list("pk", name))
        for refs in trees(model._meta.label, list(parents)).values():
            _, child = refs[0]
            found[str(parents[child])].extend(refs)
    return found


def trees_of(problems: Sequence[Problem]) -> list[list[RowRef]]:
    """For repairs that remove the faulty row with its descendants."""
    by_label: dict[str, list[Any]] = {}
    for problem in problems:
        by_label.setdefault(problem.model, []).append(problem.pk)
    found = {label: trees(label, pks) for label, pks in by_label.items()}
    return [found[problem.model][str(problem.pk)] for problem in problems]


def remove(label: str, pk: Any) -> None:
    """Delete a row and its descendants, children first."""
    snapshots.remove(reversed(with_descendants(label, pk)))


def user_of(row: models.Model) -> int | None:
    """The user a row belongs to, by its own column, when it has one."""
    for name in ("user_id", "owner_id"):
        if hasattr(row, name):
            return getattr(row, name)
    return None
