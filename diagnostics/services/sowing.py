"""Faults into a scratch database: drops the constraints that make them impossible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from common.errors import Invalid
from diagnostics import guards
from diagnostics.faults import FAULTS, NEED_NO_CONSTRAINT, NEED_NO_FOREIGN_KEYS, Sower
from diagnostics.ground import find_ground
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


def is_scratch(name: str) -> bool:
    """Only a database that says so in its name may be spoiled."""
    return "scratch" in Path(name).name.lower()


def sow(*, names: Iterable[str] | None, count: int, now: datetime) -> dict[str, int]:
    """Make `count` of each named fault (None: of every kind); what is then to be found, by check.

    Constraints that had to go for a fault count as missing; of some kinds there are fewer to make
    than were asked for. Raises Invalid for an unknown name, LookupError when the bank is empty.
    """
    wanted = _known(names)
    sower = Sower(find_ground(), now)
    unguarded = [n for n in wanted if n in NEED_NO_FOREIGN_KEYS or n in NEED_NO_CONSTRAINT]
    made = {}
    with transaction.atomic():
        for name in (n for n in wanted if n not in unguarded):
            made[name] = _make(name, sower, count)
    if unguarded:
        _drop_what_forbids(unguarded)
        with guards.off_on_sqlite():
            for name in unguarded:
                made[name] = _make(name, sower, count)
    _reset_sequences()
    made["constraints_missing"] = len(list(guards.missing()))
    return {name: many for name, many in made.items() if many}


def _known(names: Iterable[str] | None) -> list[str]:
    wanted = list(FAULTS) if names is None else [name.strip() for name in names]
    unknown = sorted(set(wanted) - set(FAULTS))
    if unknown:
        raise Invalid(f"Unknown faults: {', '.join(unknown)}. Known: {', '.join(FAULTS)}.")
    return wanted


def _make(name: str, sower: Sower, count: int) -> int:
    made = FAULTS[name](sower, count)
    return count if made is None else made


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


def _reset_sequences() -> None:
    """Rows were made with keys of their own: the next real session must not meet one."""
    for statement in connection.ops.sequence_reset_sql(no_style(), [PracticeMain, Practice]):
        with connection.cursor() as cursor:
            cursor.execute(statement)
