"""What constraints should make impossible: constraints that are missing, rows that break them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Count, F, Q, UniqueConstraint, Window
from django.db.models.functions import RowNumber

from diagnostics import graph, guards
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Scope

# Covered by checks of their own, which know the repair.
HANDLED_ELSEWHERE = {"uniq_practising_session", "live_session_is_practising"}
Model = type[models.Model]


def find_missing(scope: Scope) -> Iterable[Problem]:
    if scope.user_id is not None:
        return
    for guard in guards.missing():
        note = f"{guard.name} is missing on {guard.model._meta.db_table}."
        yield Problem(guard.model._meta.label, guard.name, note)


def find_violations(scope: Scope) -> Iterable[Problem]:
    for model in guards.own_models():
        for name, rows in broken_rows(model):
            for row in rows.order_by("pk"):
                owner = graph.user_of(row)
                if scope.user_id in (None, owner):
                    yield Problem(model._meta.label, row.pk, f"Breaks {name}.", user_id=owner)


def broken_rows(model: Model) -> Iterable[tuple[str, models.QuerySet]]:
    """Each constraint of the model by name, with the rows that break it."""
    for constraint in model._meta.constraints:
        if constraint.name in HANDLED_ELSEWHERE:
            continue
        if isinstance(constraint, CheckConstraint):
            yield constraint.name, model._base_manager.exclude(constraint.condition)
        elif isinstance(constraint, UniqueConstraint):
            alike = constraint.fields or constraint.expressions
            yield constraint.name, doubles(model, alike, constraint.condition)
    for field in model._meta.local_concrete_fields:
        if field.unique and not field.primary_key:
            yield f"{field.name} is unique", doubles(model, [field.name])


def doubles(model: Model, alike: Iterable[Any], condition: Q | None = None) -> models.QuerySet:
    """All but the first row of each group that shares what should be unique (NULL is no value)."""
    shared: dict[str, Any] = {
        f"shared_{number}": F(part) if isinstance(part, str) else part
        for number, part in enumerate(alike)
    }
    present = {f"{name}__isnull": False for name in shared}
    rows = model._base_manager.filter(condition or Q()).annotate(**shared).filter(**present)
    groups = rows.order_by().values(*shared).annotate(how_many=Count("pk"))
    if not groups.filter(how_many__gt=1).exists():  # reads the index; numbering sorts the table
        return model._base_manager.none()
    place = Window(RowNumber(), partition_by=list(shared), order_by="pk")
    return rows.annotate(place=place).filter(place__gt=1)


CHECKS = [
    Check(
        name="constraints_missing",
        title="Constraints that the database lacks",
        reason="They are what makes ghosts and doubles impossible.",
        severity=Severity.CRITICAL,
        find=find_missing,
        by_hand="add them with the migration that defines them, after mending the rows",
    ),
    Check(
        name="constraint_violations",
        title="Rows that break a constraint",
        reason="Code relies on these rules; a row that breaks one makes pages fail.",
        severity=Severity.CRITICAL,
        find=find_violations,
        by_hand="which of two rows is right, only a person can say",
    ),
]
