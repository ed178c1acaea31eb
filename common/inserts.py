"""INSERT put together once per model: for hot paths, and at peace with a twin where one may come.

Nothing here knows `save` overrides or signals; Etude has neither.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, router, transaction
from django.db.models import AutoField, Field, Model

from common.statements import run

Row = TypeVar("Row", bound=Model)
PEACEFUL = "ON CONFLICT DO NOTHING"


def insert(row: Row) -> Row:
    """Write a new row; the database gives an automatic key. Every constraint may refuse it."""
    _write(row)
    return row


def insert_if_absent(row: Model) -> bool:
    """Write a new row unless a unique constraint says that it is there; whether it was written.

    Waits for a twin that is being written, needs no savepoint, and leaves the transaction usable.
    """
    return _write(row, PEACEFUL)


def insert_all_if_absent(root: Model, *others: Model) -> bool:
    """`insert_if_absent` for a row that has its key and the rows that belong to it: all or none.

    One statement on PostgreSQL, where automatic keys of `others` are not read back.
    """
    if connection.vendor != "postgresql":
        return _one_by_one(root, others)
    values = _values(root, with_key=True)
    for other in others:
        values += _values(other, with_key=False)
    written = bool(run(_joint_statement(type(root), *map(type, others)), values)[0])
    if written:
        _mark_written(root, *others)
    return written


def _write(row: Model, on_twin: str = "") -> bool:
    has_key = row.pk is not None
    values = _values(row, with_key=has_key)
    written, _ = run(_statement(type(row), on_twin, with_key=has_key), values)
    if not written:
        return False
    if not has_key:
        row.pk = written[0][0]
    _mark_written(row)
    return True


@transaction.atomic
def _one_by_one(root: Model, others: tuple[Model, ...]) -> bool:
    if not insert_if_absent(root):
        return False
    for other in others:
        other.save(force_insert=True)
    return True


def _mark_written(*rows: Model) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, router.db_for_write(type(row))


def _values(row: Model, *, with_key: bool) -> list[Any]:
    fields = _fields(type(row), with_key=with_key)
    own = connections[DEFAULT_DB_ALIAS]
    return [f.get_db_prep_save(f.pre_save(row, add=True), own) for f in fields]


@cache
def _fields(model: type[Model], *, with_key: bool) -> list[Field[Any, Any]]:
    return [f for f in model._meta.local_concrete_fields if with_key or not _is_automatic(f)]


def _is_automatic(field: Field[Any, Any]) -> bool:
    return field.primary_key and isinstance(field, AutoField)


@cache
def _statement(model: type[Model], on_twin: str, *, with_key: bool) -> str:
    quote: Any = connection.ops.quote_name
    into, places = _parts(model, with_key=with_key)
    key = quote(model._meta.pk.column)
    return f"INSERT {into} VALUES ({places}) {on_twin} RETURNING {key}"


@cache
def _joint_statement(root: type[Model], *others: type[Model]) -> str:
    steps = [f"root AS ({_statement(root, PEACEFUL, with_key=True)})"]
    for number, other in enumerate(others):
        into, places = _parts(other, with_key=False)
        steps.append(f"other{number} AS (INSERT {into} SELECT {places} FROM root)")
    return f"WITH {', '.join(steps)} SELECT 1 FROM root"  # noqa: S608 - names of our models


def _parts(model: type[Model], *, with_key: bool) -> tuple[str, str]:
    """`INTO table (columns)`, and as many places."""
    quote: Any = connection.ops.quote_name
    fields = _fields(model, with_key=with_key)
    names = ", ".join(quote(field.column) for field in fields)
    return f"INTO {quote(model._meta.db_table)} ({names})", ", ".join(["%s"] * len(fields))
