"""A database of the last release before the migrations were squashed goes on, and none of its rows
is lost.

`before_2026_11_30.*.sql.gz` are whole dumps (`pg_dump --inserts`, `sqlite3 .dump`) of databases
that the old migrations made: a learner with worked practice, an interview, a log with evidence, and
a running proctored test.
"""

import gzip
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.sqlite

POSTGRESQL_SCHEMA = """
    SELECT 'column', table_name, column_name, data_type, is_nullable, column_default,
        character_maximum_length
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT 'index', tablename, indexname, indexdef, '', '', 0
    FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', 0
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'storage', relname, relkind::text, reloptions::text, '', '', 0
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
SQLITE_SCHEMA = "SELECT type, tbl_name, name, coalesce(sql, '') FROM sqlite_master"


@pytest.fixture
def databases(django_db_blocker: Any, tmp_path: Path) -> Iterator[dict[str, BaseDatabaseWrapper]]:
    """`old`, filled from the dump of its kind, and `new`, empty; no migration has run yet."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        found = {alias: stack.enter_context(_database(alias, tmp_path)) for alias in ("old", "new")}
        dump = Path(__file__).parent / f"before_2026_11_30.{connection.vendor}.sql.gz"
        found["old"].ensure_connection()
        raw: Any = found["old"].connection
        run = raw.execute if connection.vendor == "postgresql" else raw.executescript
        run(gzip.decompress(dump.read_bytes()).decode())
        found["old"].close()  # pg_dump empties the search path of its connection
        yield found


@contextmanager
def _database(alias: str, folder: Path) -> Iterator[BaseDatabaseWrapper]:
    name = str(folder / alias)
    if connection.vendor == "postgresql":
        name = f"etude_{alias}_{os.getpid()}"
        _as_owner(f'CREATE DATABASE "{name}"')
    connections.databases[alias] = {**connection.settings_dict, "NAME": name}
    yield connections[alias]
    connections[alias].close()
    del connections[alias], connections.databases[alias]
    if connection.vendor == "postgresql":
        _as_owner(f'DROP DATABASE "{name}"')


def test_a_database_of_the_old_migrations_ends_with_the_schema_of_a_new_one(databases):
    old, new = databases["old"], databases["new"]
    before = rows(old)
    assert before["practice_submission"] == 2 and before["test_session_beat"] == 1

    for alias in databases:
        call_command("migrate", database=alias, verbosity=0)

    assert schema(old) == schema(new)
    after = rows(old)
    assert {name: after.get(name) for name in before} == before


def test_nothing_that_was_squashed_runs_again(databases):
    executor = MigrationExecutor(databases["old"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())

    assert [str(migration) for migration, _ in plan if migration.replaces] == []


def rows(database: BaseDatabaseWrapper) -> dict[str, int]:
    """How many rows each table has; the record of migrations itself and the ready roles, which are
    made after each migration, may grow."""
    with database.cursor() as cursor:
        names = set(database.introspection.table_names(cursor))
        names -= {"django_migrations", "django_content_type"}
        names -= {"auth_permission", "auth_group", "auth_group_permissions"}
        counts = {}
        for name in sorted(names):
            cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608
            counts[name] = cursor.fetchone()[0]
    return counts


def schema(database: BaseDatabaseWrapper) -> set[tuple[Any, ...]]:
    """Columns, indexes, constraints and storage parameters, without their order."""
    query = POSTGRESQL_SCHEMA if database.vendor == "postgresql" else SQLITE_SCHEMA
    with database.cursor() as cursor:
        cursor.execute(query)
        return {(*row[:3], *words(row[3]), *row[4:]) for row in cursor.fetchall()}


def words(definition: str | None) -> list[str]:
    """SQLite keeps the order of the statements that made a table, and a restored dump of
    PostgreSQL casts texts elsewhere than the first statement did: neither is a difference."""
    without_casts = re.sub(r"::(character varying|text)", "", definition or "")
    return sorted(re.findall(r"[^\s(),\[\]]+", without_casts))


def _as_owner(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
