import pytest
from django.core.cache import cache

from accounts.models import DailyUsage, Subscription
from common import clock, locks
from diagnostics import registry
from diagnostics.errors import NotApplied, NotPlanned
from diagnostics.models import RepairAction, RepairRun, Severity, Trigger
from diagnostics.services import applying
from diagnostics.services.applying import (
    LEASE,
    apply_in_worker,
    apply_run,
    claim_for_worker,
    continue_repairs,
)
from diagnostics.services.diagnose import diagnose, report
from diagnostics.services.repair import plan_repairs
from diagnostics.services.undoing import undo_run
from diagnostics.types import Check
from tests.factories import UserFactory
from tests.services import on_sqlite

pytestmark = pytest.mark.django_db


def plan(*names):
    return plan_repairs(trigger=Trigger.COMMAND, now=clock.now(), names=names)


@pytest.fixture
def drifted(db):
    user = UserFactory()
    return DailyUsage.objects.create(
        user=user, day=clock.now().date(), kind="practice_start", taken=3
    )


def test_a_plan_changes_nothing(drifted):
    run = plan("new_user_limits")

    assert run.status == "planned"
    assert run.actions.get().before[0]["fields"]["taken"] == 3
    drifted.refresh_from_db()
    assert drifted.taken == 3


def test_a_row_that_changed_since_the_plan_is_left_alone(drifted):
    run = plan("new_user_limits")
    DailyUsage.objects.update(taken=2)

    result = apply_run(run=run, now=clock.now())

    assert (result.applied, result.skipped) == (0, 1)
    drifted.refresh_from_db()
    assert drifted.taken == 2


def test_progress_counts_up_to_the_number_of_repairs(drifted):
    seen = []

    apply_run(
        run=plan("new_user_limits"),
        now=clock.now(),
        progress=lambda done, total: seen.append((done, total)),
    )

    assert seen == [(1, 1)]


def test_a_run_is_applied_once_and_undone_once(drifted):
    run = plan("new_user_limits")
    apply_run(run=run, now=clock.now())

    with pytest.raises(NotPlanned):
        apply_run(run=run, now=clock.now())
    undo_run(run=run, now=clock.now())
    with pytest.raises(NotApplied):
        undo_run(run=run, now=clock.now())


def test_undo_leaves_rows_that_somebody_changed_after_the_repair(drifted):
    run = plan("new_user_limits")
    apply_run(run=run, now=clock.now())
    DailyUsage.objects.update(taken=1)

    result = undo_run(run=run, now=clock.now())

    assert result.undone == 0
    assert "changed since the repair" in run.actions.get().note
    drifted.refresh_from_db()
    assert drifted.taken == 1


def test_a_subscription_that_appeared_meanwhile_is_not_touched():
    user = UserFactory()
    Subscription.objects.filter(user=user).delete()
    run = plan("subscription_missing")
    Subscription.objects.create(user=user, plan="premium")

    result = apply_run(run=run, now=clock.now())

    assert result.skipped == 1
    assert Subscription.objects.get(user=user).plan == "premium"


def test_one_bad_row_does_not_stop_the_rest(drifted):
    UserFactory.create_batch(2)
    Subscription.objects.all().delete()
    run = plan("subscription_missing")
    action = run.actions.first()
    RepairAction.objects.filter(pk=action.pk).update(row_pk="nobody", before=[])

    result = apply_run(run=run, now=clock.now())

    assert result.failed + result.skipped == 1
    assert result.applied == 2


def test_a_check_that_breaks_says_so_and_stops_no_other(monkeypatch):
    def broken(scope):
        raise RuntimeError("no such column")

    check = Check("broken", "Broken", "x", Severity.LOW, broken, by_hand="x")
    monkeypatch.setitem(registry._checks, "broken", check)

    _, results = diagnose(trigger=Trigger.COMMAND, now=clock.now())

    body = report(results)
    assert body.checks_run == len(registry.all_checks())
    assert [i.error for i in body.issues if i.check == "broken"] == ["RuntimeError: no such column"]


def test_a_repair_whose_worker_died_goes_on_when_its_lease_is_over(drifted):
    run = plan("new_user_limits")
    claim_for_worker(run=run, now=clock.now(), executed_by=None)
    dead = RepairRun.objects.claim(run.pk, now=clock.now(), lease=LEASE)
    continue_repairs(now=clock.now())
    assert run.actions.get().state == "planned"

    RepairRun.objects.update(claimed_until=clock.now())
    continue_repairs(now=clock.now())

    run.refresh_from_db()
    assert (run.status, run.actions.get().state, run.tries) == ("applied", "applied", 2)
    assert not RepairRun.objects.held_by(dead).exists()


def test_a_repair_that_breaks_says_why_and_is_tried_again_later(drifted, monkeypatch):
    run = plan("new_user_limits")
    claim_for_worker(run=run, now=clock.now(), executed_by=None)
    with monkeypatch.context() as patch:
        patch.setattr(applying, "OwnChanges", lambda run: 1 / 0)
        apply_in_worker(run_id=str(run.pk), now=clock.now())

    run.refresh_from_db()
    assert (run.status, run.claim, run.error[:17]) == ("applying", None, "ZeroDivisionError")
    assert run.next_try_at > clock.now()
    assert apply_run(run=run, now=clock.now()).applied == 1
    run.refresh_from_db()
    assert (run.status, run.error) == ("applied", "")


@pytest.mark.skipif(on_sqlite(), reason="locks live in Redis")
def test_a_lock_that_never_ends_is_dropped():
    cache.set("lock:left-behind", "x", None)
    with locks.lock("in-use"):
        run = plan("stale_locks")
        assert [action.row_pk for action in run.actions.all()] == ["lock:left-behind"]

        assert apply_run(run=run, now=clock.now()).applied == 1

    assert cache.get("lock:left-behind") is None


def by_columns(snapshot):
    """The form of versions before 2026-11-30: fields by column, the key among them."""
    columns = {f.name: f.attname for f in DailyUsage._meta.concrete_fields}
    fields = {columns[name]: value for name, value in snapshot["fields"].items()}
    return {**snapshot, "fields": {"id": snapshot["pk"], **fields}}


def test_what_an_older_version_planned_is_applied_and_undone(drifted):
    run = plan("new_user_limits")
    action = run.actions.get()
    RepairAction.objects.update(before=list(map(by_columns, action.before)))

    assert apply_run(run=run, now=clock.now()).applied == 1

    action.refresh_from_db()
    RepairAction.objects.update(
        before=list(map(by_columns, action.before)), after=list(map(by_columns, action.after))
    )
    assert undo_run(run=run, now=clock.now()).undone == 1
    drifted.refresh_from_db()
    assert drifted.taken == 3
