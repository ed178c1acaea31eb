"""Commands say in one sentence what they cannot do, and end with a code that says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("check_question_bank", "nope"), "no set called nope"),
        (("load_question_bank", "--path", "/nowhere"), "nothing was loaded"),
        (("load_coding_bank", "--folder", "/nowhere"), "no question below /nowhere"),
        (("evaluate_dataset", "/nowhere"), "/nowhere"),
        (("simulate_test_sessions", "--candidates", "0"), "at least 1"),
        (("simulate_test_sessions", "--url", "http://127.0.0.1:1"), "Nothing answers"),
        (("evaluation_queue", "--reevaluate", "--ids", "abc"), "numbers"),
    ],
)
def test_what_makes_no_sense_is_refused(db, command, words):
    with pytest.raises(CommandError, match=words):
        call_command(*command)


@pytest.mark.parametrize(
    "command", ["load_question_bank", "sweep_test_sessions", "diagnose_practice"]
)
def test_without_tables_a_command_says_so_and_ends_with_2(tmp_path, command):
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3", "REDIS_URL": ""}
    answer = subprocess.run(
        [sys.executable, "manage.py", command], cwd=ROOT, env=env, capture_output=True, text=True
    )

    assert answer.returncode == 2
    assert "The database cannot be used" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_clearing_a_cache_of_ones_own_is_not_called_done(settings, capsys):
    settings.REDIS_URL = ""

    call_command("clear_cache")

    assert "Nothing to empty" in capsys.readouterr().out
