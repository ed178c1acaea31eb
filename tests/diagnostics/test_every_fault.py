"""Each known fault is found, alone; mended, and its mending taken back."""

import pytest

from common import clock
from common.db import snapshots
from diagnostics import registry
from diagnostics.faults import FAULTS
from diagnostics.models import Trigger
from diagnostics.services.applying import apply_run
from diagnostics.services.diagnose import run_checks
from diagnostics.services.repair import plan_repairs
from diagnostics.services.seeding import seed_faults
from diagnostics.services.undoing import undo_run
from diagnostics.types import Scope
from tests.services import on_sqlite

pytestmark = pytest.mark.django_db

# What a fault brings with it by its nature: these come back with their cause.
IN_CACHE = {"cache_consistency", "stale_locks"}
# Locks live in Redis alone.
SEEDED = [name for name in FAULTS if name != "stale_locks" or not on_sqlite()]
MENDED = [name for name in FAULTS if registry.get(name).fixable]


def found():
    results = run_checks(checks=registry.all_checks(), scope=Scope(clock.now()))
    assert not any(r.error for r in results), [r.error for r in results if r.error]
    return {r.check.name: r.count for r in results if r.count}


def everything(names):
    """Snapshots of all rows that the checks' plans would touch."""
    run = plan_repairs(trigger=Trigger.COMMAND, now=clock.now(), names=names)
    return {
        (row["model"], str(row["pk"])): row for action in run.actions.all() for row in action.before
    }


def test_a_sound_database_is_clean(bank):
    assert found() == {}


@pytest.mark.parametrize("fault", SEEDED)
def test_what_was_sown_is_found_and_nothing_else(bank, fault):
    seeded = seed_faults(names=[fault], count=3, now=clock.now())

    assert seeded[fault] == 3 or (fault == "constraints_missing" and seeded[fault] > 1)
    assert found() == seeded


@pytest.mark.parametrize("fault", [name for name in SEEDED if name in MENDED])
def test_what_was_found_is_mended_and_can_be_taken_back(bank, fault):
    seeded = seed_faults(names=[fault], count=3, now=clock.now())
    before = everything([fault])
    plan = plan_repairs(trigger=Trigger.COMMAND, now=clock.now(), names=[fault])

    report = apply_run(run=plan, now=clock.now())

    assert (report.applied, report.skipped, report.failed) == (3, 0, 0)
    assert report.remaining == {}
    by_hand = {name: n for name, n in seeded.items() if name != fault}
    assert found() == by_hand

    undone = undo_run(run=plan, now=clock.now())

    assert undone.undone == 3
    # What lay wrong in the cache is nobody's: undo brings back rows.
    assert found() == ({} if fault in IN_CACHE else seeded)
    for (model, pk), row in before.items():
        assert snapshots.fetch(model, [pk]) == [row]


def test_all_faults_together_are_found_mended_and_a_second_run_changes_nothing(bank):
    seeded = seed_faults(names=None, count=2, now=clock.now())
    assert set(seeded) == set(SEEDED) == set(FAULTS) - ({"stale_locks"} if on_sqlite() else set())
    assert {many for name, many in seeded.items() if name != "constraints_missing"} == {2}
    assert found() == seeded

    report = apply_run(run=plan_repairs(trigger=Trigger.COMMAND, now=clock.now()), now=clock.now())

    assert report.applied == 2 * len(set(MENDED) & set(SEEDED))
    assert set(found()) == set(seeded) - set(MENDED)
    again = plan_repairs(trigger=Trigger.COMMAND, now=clock.now())
    assert not again.actions.exists()
