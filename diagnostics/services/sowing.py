"""Faults into a scratch database: drops the foreign keys that make orphans impossible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.core.management.color import no_style
from django.db import connection, models, transaction

from common.errors import Invalid
from diagnostics.checks.constraints import find_missing
from diagnostics.faults import FAULTS, NEED_NO_CONSTRAINT, NEED_NO_FOREIGN_KEYS, Sower
from diagnostics.ground import find_ground
from diagnostics.types import Scope
from practice.models import DraftRevision, Practice, PracticeHistory, PracticeMain, Submission
from sessions_app.interviews.models import Attempt
from tracking.models import Evidence

UNGUARDED: list[type[models.Model]] = [
    Practice,
    Submission,
    DraftRevision,
    PracticeHistory,
    Attempt,
    Evidence,
]
KEPT_BY_SQLITE = "wrong_status"
"""SQLite cannot drop a check from a table."""


def is_scratch(name: str) -> bool:
    """Only a database that says so in its name may be spoiled."""
    return "scratch" in Path(name).name.lower()


def sow(*, names: Iterable[str] | None, count: int, now: datetime) -> dict[str, int]:
    """Make `count` of each named fault (None: of every kind); what was made, by check.

    Raises Invalid for an unknown name, LookupError when the question bank is empty.
    """
    wanted = list(FAULTS) if names is None else [name.strip() for name in names]
    if names is None and connection.vendor == "sqlite":
        wanted.remove(KEPT_BY_SQLITE)
    unknown = sorted(set(wanted) - set(FAULTS))
    if unknown:
        raise Invalid(f"Unknown faults: {', '.join(unknown)}. Known: {', '.join(FAULTS)}.")
    sower = Sower(find_ground(), now)
    unguarded = [n for n in wanted if n in NEED_NO_FOREIGN_KEYS or n in NEED_NO_CONSTRAINT]
    guarded = [name for name in wanted if name not in unguarded]
    with transaction.atomic():
        for name in guarded:
            FAULTS[name](sower, count)
    if unguarded:
        with without_foreign_keys():
            # Before any orphan: SQLite looks at the whole database when a constraint goes.
            for name in unguarded:
                _drop_constraint(NEED_NO_CONSTRAINT.get(name))
            for name in unguarded:
                FAULTS[name](sower, count)
    _reset_sequences()
    made = dict.fromkeys(wanted, count)
    missing = len(list(find_missing(Scope(now))))
    return {**made, "constraints_missing": missing} if missing else made


def _drop_constraint(name: str | None) -> None:
    """Of PracticeMain, for good: the database is scratch."""
    table = PracticeMain._meta.db_table
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        present = connection.introspection.get_constraints(cursor, table)
        if name not in present:
            return
        if present[name]["unique"]:
            cursor.execute(f"DROP INDEX {quote(name)}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(name)}")


def _reset_sequences() -> None:
    """Rows were made with keys of their own: the next real session must not meet one."""
    for statement in connection.ops.sequence_reset_sql(no_style(), [PracticeMain, Practice]):
        with connection.cursor() as cursor:
            cursor.execute(statement)


class without_foreign_keys:  # noqa: N801 - read as words: with without_foreign_keys()
    """Foreign keys off while inside. PostgreSQL drops the constraints for good (the database is
    scratch); SQLite only stops looking."""

    def __enter__(self) -> None:
        if connection.vendor == "sqlite":
            connection.disable_constraint_checking()
        else:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    # Deferred checks of rows just written would forbid changing their tables.
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for model in UNGUARDED:
                    _drop_foreign_keys(model)

    def __exit__(self, *exc: object) -> None:
        if connection.vendor == "sqlite":
            connection.enable_constraint_checking()


def _drop_foreign_keys(model: type[models.Model]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
        for name, facts in found.items():
            if facts["foreign_key"]:
                cursor.execute(
                    f"ALTER TABLE {connection.ops.quote_name(table)} "
                    f"DROP CONSTRAINT {connection.ops.quote_name(name)}"
                )
