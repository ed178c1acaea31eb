"""What the database should make impossible: constraints that are missing, rows that break them."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import connection, models
from django.db.models import CheckConstraint, Count, Q, UniqueConstraint

from diagnostics import graph
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Scope

APPS = ("accounts", "tracking", "evaluation", "practice", "sessions_app")
SHOWN_PER_CONSTRAINT = 100
# Looked at by checks of their own, which know what to do.
HANDLED_ELSEWHERE = {"uniq_practising_session", "live_session_is_practising"}


def _models() -> Iterable[type[models.Model]]:
    for label in APPS:
        yield from apps.get_app_config(label).get_models()


def find_missing(scope: Scope) -> Iterable[Problem]:
    if scope.user_id is not None:
        return
    with connection.cursor() as cursor:
        for model in _models():
            present = set(connection.introspection.get_constraints(cursor, model._meta.db_table))
            for constraint in model._meta.constraints:
                if constraint.name not in present:
                    note = f"{constraint.name} is missing on {model._meta.db_table}."
                    yield Problem(model._meta.label, constraint.name, note)


def find_violations(scope: Scope) -> Iterable[Problem]:
    for model in _models():
        for constraint in model._meta.constraints:
            if constraint.name not in HANDLED_ELSEWHERE:
                yield from _violations(model, constraint, scope)


def _violations(
    model: type[models.Model], constraint: models.BaseConstraint, scope: Scope
) -> Iterable[Problem]:
    if isinstance(constraint, CheckConstraint):
        rows = model._base_manager.exclude(constraint.condition)
    elif isinstance(constraint, UniqueConstraint) and constraint.fields:
        rows = _duplicates(model, constraint)
    else:
        return
    for row in rows.order_by("pk")[:SHOWN_PER_CONSTRAINT]:
        owner = graph.user_of(row)
        if scope.user_id in (None, owner):
            note = f"Breaks {constraint.name}."
            yield Problem(model._meta.label, row.pk, note, user_id=owner)


def _duplicates(model: type[models.Model], constraint: UniqueConstraint) -> models.QuerySet:
    """All but the first row of each group that shares what should be unique."""
    rows = model._base_manager.filter(constraint.condition or Q())
    for name in constraint.fields:
        rows = rows.filter(**{f"{name}__isnull": False})
    groups = (
        rows.order_by()
        .values(*constraint.fields)
        .annotate(how_many=Count("pk"), first=models.Min("pk"))
        .filter(how_many__gt=1)
    )
    doubles = Q(pk__in=[])
    for group in groups[:SHOWN_PER_CONSTRAINT]:
        same = {name: group[name] for name in constraint.fields}
        doubles |= Q(**same) & ~Q(pk=group["first"])
    return rows.filter(doubles)


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
