"""Constraints of the database: which ones exist, and how a scratch copy loses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

APPS = ("accounts", "tracking", "evaluation", "practice", "sessions_app")
Model = type[models.Model]


@dataclass(frozen=True)
class Guard:
    """A constraint by its name, a foreign key or a unique column."""

    model: Model
    name: str
    column: str = ""

    def stands(self, present: Mapping[str, Any]) -> bool:
        if not self.column:
            return self.name in present
        kind = "foreign_key" if self.name.endswith("references its row") else "unique"
        return any(facts[kind] and facts["columns"] == [self.column] for facts in present.values())


def own_models() -> Iterable[Model]:
    for label in APPS:
        yield from apps.get_app_config(label).get_models()


def guards_of(model: Model) -> list[Guard]:
    """The constraints that the model asks for; primary keys are left out."""
    named = [Guard(model, constraint.name) for constraint in model._meta.constraints]
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.ForeignKey) and getattr(field, "db_constraint", True):
            named.append(Guard(model, f"{field.name} references its row", field.column or ""))
        if field.unique and not field.primary_key:
            named.append(Guard(model, f"{field.name} is unique", field.column or ""))
    return named


def missing() -> Iterable[Guard]:
    """Every guard that a model asks for and its table does not have."""
    with connection.cursor() as cursor:
        for model in own_models():
            table = model._meta.db_table
            present = connection.introspection.get_constraints(cursor, table)
            yield from (guard for guard in guards_of(model) if not guard.stands(present))


def drop(model: Model, name: str) -> bool:
    """Drop a constraint, for good; False where it is not there or (SQLite) part of its table."""
    table = model._meta.db_table
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        facts = connection.introspection.get_constraints(cursor, table).get(name)
        if facts is None:
            return False
        if connection.vendor == "sqlite":
            made = "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = %s AND sql <> ''"
            if cursor.execute(made, [name]).fetchone() is None:
                return False
            cursor.execute(f"DROP INDEX {quote(name)}")
            return True
        # Deferred checks of rows just written would forbid changing their tables.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
        if cursor.fetchone():
            cursor.execute(f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(name)}")
        else:
            cursor.execute(f"DROP INDEX {quote(name)}")
        return True


def drop_foreign_keys(model: Model) -> None:
    """PostgreSQL only: SQLite's are part of the table, see `off_on_sqlite`."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    for name, facts in found.items():
        if facts["foreign_key"]:
            drop(model, name)


@contextmanager
def off_on_sqlite() -> Iterator[None]:
    """SQLite stops enforcing foreign keys and checks, for this connection and inside the block;
    enter it outside any transaction, where SQLite can. PostgreSQL goes on: there, constraints are
    dropped."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA ignore_check_constraints = ON")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            cursor.execute("PRAGMA foreign_keys = ON")
