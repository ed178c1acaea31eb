"""Rows and what hangs on them, for images and for removals that name every row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from common import rows
from diagnostics.types import RowRef


def with_descendants(label: str, pk: Any) -> list[RowRef]:
    """The row and every row that would be deleted with it, parents first."""
    found: list[RowRef] = [(label, pk)]
    for model, name in _children(apps.get_model(label)):
        pks = model._base_manager.filter(**{name: pk}).values_list("pk", flat=True)
        for child in pks.order_by("pk"):
            found.extend(ref for ref in with_descendants(model._meta.label, child))
    return found


def _children(model: type[models.Model]) -> Iterable[tuple[type[models.Model], str]]:
    for relation in model._meta.related_objects:
        if relation.on_delete is models.CASCADE and not relation.many_to_many:
            yield relation.related_model, relation.field.attname


def remove(label: str, pk: Any) -> None:
    """Delete a row and its descendants, children first."""
    rows.remove(reversed(with_descendants(label, pk)))


def user_of(row: models.Model) -> int | None:
    """The user a row belongs to, by its own column, when it has one."""
    for name in ("user_id", "owner_id"):
        if hasattr(row, name):
            return getattr(row, name)
    return None
