"""One INSERT that is at peace with a twin: no savepoint to fall back to, no look-up before."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection, router
from django.db.models import AutoField, Field, Model


def insert_if_absent(row: Model) -> bool:
    """Write a new row unless a constraint says that it is there already; whether it was written.

    The database gives an automatic key. Knows neither `save` overrides nor signals, and a refusal
    leaves the transaction usable.
    """
    fields = _fields(type(row), with_key=row.pk is not None)
    values = [f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(row), with_key=row.pk is not None), values)
        written = cursor.fetchone()
    if written is None:
        return False
    if row.pk is None:
        row.pk = written[0]
    row._state.adding, row._state.db = False, router.db_for_write(type(row))
    return True


@cache
def _fields(model: type[Model], *, with_key: bool) -> list[Field[Any, Any]]:
    return [f for f in model._meta.local_concrete_fields if with_key or not _is_automatic(f)]


def _is_automatic(field: Field[Any, Any]) -> bool:
    return field.primary_key and isinstance(field, AutoField)


@cache
def _statement(model: type[Model], *, with_key: bool) -> str:
    quote: Any = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in _fields(model, with_key=with_key))
    places = ", ".join(["%s"] * len(_fields(model, with_key=with_key)))
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return (
        f"INSERT INTO {table} ({names}) VALUES ({places}) "  # noqa: S608 - names of our models
        f"ON CONFLICT DO NOTHING RETURNING {key}"
    )
