"""Known faults for a scratch database: drops the constraints that make them impossible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from common.errors import Invalid
from diagnostics import guards
from diagnostics.faults import FAULTS, NEED_NO_CONSTRAINT, NEED_NO_FOREIGN_KEYS, FaultSeeder
from diagnostics.fixtures import find_questions
from practice.models import DraftRevision, Practice, PracticeHistory, PracticeMain, Submission
from sessions_app.interviews.models import Attempt
from tracking.models import Evidence

UNGUARDED: list[type[models.Model]] = [
    *(Practice, Submission, DraftRevision, PracticeHistory),
    *(Attempt, Evidence),
]


def is_scratch(name: str) -> bool:
    """Only a database that says so in its name may be damaged."""
    return "scratch" in Path(name).name.lower()


def seed_faults(*, names: Iterable[str] | None, count: int, now: datetime) -> dict[str, int]:
    """Make `count` of each named fault (None: of every kind); returns the expected findings by
    check.

    Constraints that had to go for a fault count as missing; of some kinds there are fewer to make
    than were asked for. Raises Invalid for an unknown name, LookupError when the bank is empty.
    """
    wanted = list(FAULTS) if names is None else [name.strip() for name in names]
    if unknown := sorted(set(wanted) - set(FAULTS)):
        raise Invalid(f"Unknown faults: {', '.join(unknown)}. Known: {', '.join(FAULTS)}.")
    seeder = FaultSeeder(find_questions(), now)
    unguarded = [n for n in wanted if n in NEED_NO_FOREIGN_KEYS or n in NEED_NO_CONSTRAINT]
    made: dict[str, int | None] = {}
    with transaction.atomic():
        for name in (n for n in wanted if n not in unguarded):
            made[name] = FAULTS[name](seeder, count)
    if unguarded:
        _drop_what_forbids(unguarded)
        with guards.off_on_sqlite():
            for name in unguarded:
                made[name] = FAULTS[name](seeder, count)
    # Rows were made with keys of their own: the next real session must not get one of them.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [PracticeMain, Practice]):
            cursor.execute(statement)
    made["constraints_missing"] = len(list(guards.missing()))
    found = {name: count if many is None else many for name, many in made.items()}
    return {name: many for name, many in found.items() if many}


@transaction.atomic
def _drop_what_forbids(names: Iterable[str]) -> None:
    """For good: the database is scratch. Before any orphan is made: SQLite looks at the whole
    database when a constraint goes."""
    for name in names:
        for label, constraint in NEED_NO_CONSTRAINT.get(name, ()):
            guards.drop(apps.get_model(label), constraint)
    if connection.vendor != "sqlite" and NEED_NO_FOREIGN_KEYS.intersection(names):
        for model in UNGUARDED:
            guards.drop_foreign_keys(model)
