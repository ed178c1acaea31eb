"""What the database forbids, found in one whose guard was off, mended, and written back whole."""

import pytest
from django.db import IntegrityError, connection

from common import clock
from diagnostics import registry
from diagnostics.faults import NEED_NO_FOREIGN_KEYS
from diagnostics.models import Trigger
from diagnostics.services.applying import apply_run
from diagnostics.services.diagnose import run_check
from diagnostics.services.repair import plan_repairs
from diagnostics.services.seeding import seed_faults
from diagnostics.services.undoing import undo_run
from diagnostics.types import Scope
from practice.models import Practice
from tests.services import on_sqlite

# Committed as in real life: inside a test's transaction SQLite would not look before the end.
pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(not on_sqlite(), reason="PostgreSQL keeps its guards, see operations.md"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("fault", sorted({*NEED_NO_FOREIGN_KEYS, "wrong_status"}))
def test_a_forbidden_row_is_removed_or_mended_and_comes_back_by_undo(bank, fault):
    seed_faults(names=[fault], count=3, now=clock.now())
    check, scope = registry.get(fault), Scope(clock.now())
    before = [problem.as_json() for problem in run_check(check, scope).problems]
    run = plan_repairs(trigger=Trigger.COMMAND, now=clock.now(), names=[fault])

    assert apply_run(run=run, now=clock.now()).applied == 3
    assert run_check(check, scope).problems == []
    report = undo_run(run=run, now=clock.now())

    assert (report.undone, report.applied) == (3, 0)
    assert [problem.as_json() for problem in run_check(check, scope).problems] == before


def test_after_an_undo_the_database_guards_as_before(bank):
    seed_faults(names=["orphan_submissions"], count=1, now=clock.now())
    run = plan_repairs(trigger=Trigger.COMMAND, now=clock.now(), names=["orphan_submissions"])
    apply_run(run=run, now=clock.now())
    undo_run(run=run, now=clock.now())
    row = Practice.objects.get()

    with pytest.raises(IntegrityError):
        Practice.objects.create(session_id=row.session_id + 1, question=row.question, order=1)
    with connection.cursor() as cursor:
        flags = [
            cursor.execute(f"PRAGMA {name}").fetchone()
            for name in ("foreign_keys", "ignore_check_constraints")
        ]
    assert flags == [(1,), (0,)]
