from __future__ import annotations

from django.db import connections, router
from django.db.models import Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery


def insert_if_absent(row: Model) -> bool:
    """Insert a new row unless a unique constraint says that it exists; whether it was inserted.

    On conflict do nothing: it waits for a concurrent duplicate, needs no savepoint and leaves the
    transaction usable. An automatic key is set on `row` when the database gave one. On SQLite any
    broken constraint of the row, not only a unique one, counts as a conflict.
    """
    meta, connection = row._meta, connections[router.db_for_write(type(row))]
    fields = [f for f in meta.local_concrete_fields if row.pk is not None or f != meta.auto_field]
    query = InsertQuery(type(row), on_conflict=OnConflict.IGNORE)
    query.insert_values(fields, [row])
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [meta.pk]
    ((sql, params),) = compiler.as_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        key = cursor.fetchone()
    if key is None:
        return False
    if row.pk is None:
        row.pk = key[0]
    row._state.adding, row._state.db = False, connection.alias
    return True
