import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Subscription
from diagnostics.models import DiagnosticRun
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def run(capsys, *args):
    with pytest.raises(SystemExit) as stop:
        call_command(*args)
    return stop.value.code, capsys.readouterr().out


@pytest.fixture
def missing(db):
    user = UserFactory()
    Subscription.objects.filter(user=user).delete()
    return user


def test_a_clean_database_exits_0(capsys):
    assert run(capsys, "diagnose_practice")[0] == 0
    assert DiagnosticRun.objects.count() == 1


def test_findings_exit_1_and_say_the_word(capsys, missing):
    code, out = run(capsys, "diagnose_practice")

    assert code == 1
    assert "HIGH" in out
    assert "People without a subscription: 1" in out


def test_an_unknown_check_exits_2(capsys):
    assert run(capsys, "diagnose_practice", "--checks", "nope")[0] == 2


def test_json_and_report_hold_the_same(capsys, missing, tmp_path):
    file = tmp_path / "report.json"

    _, out = run(capsys, "diagnose_practice", "--json", "--report", str(file))

    assert json.loads(out) == json.loads(file.read_text())
    assert json.loads(out)["issues"][0]["check"] == "subscription_missing"


def test_fix_is_a_dry_run_then_executes_then_undoes(capsys, missing):
    code, out = run(capsys, "fix_practice_issues", "--json")
    plan = json.loads(out)
    assert (code, plan["planned"], plan["state"]) == (1, 1, "planned")
    assert not Subscription.objects.filter(user=missing).exists()

    code, out = run(capsys, "fix_practice_issues", "--execute", "--run", plan["run_id"], "--json")
    assert (code, json.loads(out)["applied"]) == (0, 1)
    assert Subscription.objects.filter(user=missing).exists()

    code, out = run(capsys, "fix_practice_issues", "--undo", plan["run_id"], "--json")
    assert (code, json.loads(out)["undone"]) == (0, 1)
    assert not Subscription.objects.filter(user=missing).exists()


def test_limit_bounds_a_plan(capsys, missing):
    UserFactory.create_batch(3)
    Subscription.objects.all().delete()

    _, out = run(capsys, "fix_practice_issues", "--limit", "2", "--json")

    assert json.loads(out)["planned"] == 2


def test_faults_are_sown_only_in_a_scratch_database():
    with pytest.raises(CommandError, match="scratch"):
        call_command("seed_faults")
