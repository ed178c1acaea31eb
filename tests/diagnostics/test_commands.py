import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Subscription
from common import clock
from config import stores
from diagnostics import registry
from diagnostics.models import DiagnosticRun, RepairRun, Trigger
from diagnostics.services.repair import plan_repairs
from tests.factories import UserFactory
from tests.practice.factories import make_set

ROOT = Path(__file__).resolve().parents[2]
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


@pytest.mark.parametrize("names", ["nope", "ghost_sessions,nope", "", ","])
@pytest.mark.parametrize("command", ["diagnose_practice", "fix_practice_issues"])
def test_an_unknown_check_exits_2_and_says_which_there_are(capsys, command, names):
    with pytest.raises(SystemExit) as stop:
        call_command(command, "--only", names)

    assert stop.value.code == 2
    assert "Known checks: orphan_submissions, " in capsys.readouterr().err


@pytest.mark.parametrize(
    "bad",
    [["--run", "nope", "--execute"], ["--undo", "nope"], ["--undo", ""]],
)
def test_an_unknown_run_exits_2(capsys, bad):
    assert run(capsys, "fix_practice_issues", *bad)[0] == 2


@pytest.mark.parametrize("limit", ["0", "-3", "many"])
def test_a_limit_is_at_least_one(missing, limit):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("fix_practice_issues", "--limit", limit)
    assert not RepairRun.objects.exists()


@pytest.mark.parametrize("whole", ["--undo", "--run"])
@pytest.mark.parametrize(
    "part", [["--only", "ghost_sessions"], ["--user", "1"], ["--limit", "2"]], ids=str
)
def test_a_filter_beside_a_whole_plan_is_refused_and_nothing_done(capsys, missing, whole, part):
    plan = plan_repairs(trigger=Trigger.COMMAND, now=clock.now())

    with pytest.raises(SystemExit) as stop:
        call_command("fix_practice_issues", whole, str(plan.pk), *part)

    err = capsys.readouterr().err
    plan.refresh_from_db()
    assert stop.value.code == 2
    assert "takes the plan as it is" in err and part[0] in err
    assert plan.status == RepairRun.Status.PLANNED


def test_what_a_cache_server_that_is_away_holds_is_not_called_well(capsys, settings):
    make_set()
    settings.REDIS_URL = "redis://127.0.0.1:1"
    settings.CACHES = stores.caches(redis_url=settings.REDIS_URL)
    names = ["cache_consistency", "stale_locks"]

    code, out = run(capsys, "diagnose_practice", "--json", "--checks", ",".join(names))

    assert code == 2
    assert [(i["check"], i["error"]) for i in json.loads(out)["issues"]] == [
        (name, "The cache server does not answer.") for name in names
    ]


@pytest.mark.parametrize("command", ["diagnose_practice", "fix_practice_issues"])
def test_a_user_who_is_not_there_exits_2_and_is_said(capsys, command):
    with pytest.raises(SystemExit) as stop:
        call_command(command, "--user", "987654321")

    assert stop.value.code == 2
    assert "There is nobody with the id 987654321." in capsys.readouterr().err
    assert not DiagnosticRun.objects.exists()


def test_a_new_superuser_leaves_no_finding(capsys, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-passphrase-of-mine")
    call_command("createsuperuser", "--noinput", username="root", email="root@example.com")

    assert run(capsys, "diagnose_practice")[0] == 0
    assert Subscription.objects.get(user__username="root").plan == "free"


def test_a_report_that_cannot_be_written_exits_2(capsys):
    assert run(capsys, "diagnose_practice", "--report", "/no/such/folder/report.json")[0] == 2


@pytest.mark.parametrize("command", ["diagnose_practice", "fix_practice_issues"])
def test_a_database_that_is_down_exits_2_with_a_sentence(command, tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgres://nobody@127.0.0.1:{nobody.getsockname()[1]}/none"
        done = subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url, "VAR_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 2
    assert "The database cannot be used: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_check_that_breaks_exits_2_and_the_others_are_planned(capsys, missing, monkeypatch):
    def broken(scope):
        raise RuntimeError("no such column")

    check = replace(registry.get("limit_drift"), find=broken)
    monkeypatch.setitem(registry._checks, "limit_drift", check)

    code, out = run(capsys, "fix_practice_issues", "--json")

    assert code == 2
    assert json.loads(out)["planned"] == 1
    assert json.loads(out)["broken"] == {"limit_drift": "RuntimeError: no such column"}


def test_looking_again_after_a_repair_of_one_user_looks_at_that_user_only(capsys, missing):
    Subscription.objects.filter(user=UserFactory()).delete()

    code, out = run(capsys, "fix_practice_issues", "--execute", "--user", str(missing.pk), "--json")

    assert (code, json.loads(out)["applied"], json.loads(out)["remaining"]) == (0, 1, {})


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
