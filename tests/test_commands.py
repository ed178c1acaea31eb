"""Commands say in one sentence what they cannot do, and end with a code that says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[1]


def run(*program: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {"DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": "", "DEBUG": ""}
    return subprocess.run(
        [sys.executable, *program],
        cwd=ROOT,
        env={**os.environ, **clean, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("check_question_bank", "nope"), "no set called nope"),
        (("load_question_bank", "--path", "/nowhere"), "nothing was loaded"),
        (("load_coding_bank", "--folder", "/nowhere"), "no question below /nowhere"),
        (("evaluate_dataset", "/nowhere"), "/nowhere"),
        (("simulate_test_sessions", "--candidates", "0"), "at least 1"),
        (("simulate_test_sessions", "--url", "http://127.0.0.1:1"), "Nothing answers"),
        (("check_question_bank", "--root", "/nowhere"), "no set below /nowhere"),
        (("evaluate_dataset", "/dev/null"), "no graded answer"),
        (("evaluate_dataset", "/"), "Is a directory"),
        (("build_prose_table", "/nowhere"), "/nowhere: No such file"),
        (("build_prose_table", "manage.py"), "manage.py: line 1"),
        (("simulate_test_sessions", "--seconds", "-1"), "must be seconds"),
        (("simulate_test_sessions", "--pace", "nan"), "must be seconds"),
        (("evaluation_queue", "--reevaluate", "--ids", "abc"), "must be an id"),
        (("evaluation_queue", "--reevaluate", "--ids", "9" * 30), "must be an id"),
        (("evaluation_queue", "--reevaluate", "--limit", "-1"), "at least 1"),
        (("evaluation_queue", "--reevaluate", "--since", "2026-13-01"), "a day like"),
        (("evaluation_queue", "--reevaluate", "--owner", "nobody"), "nobody called nobody"),
        (("evaluation_queue", "--reevaluate", "--kind", "nope"), "invalid choice"),
        (("evaluation_queue", "--ids", "1"), "--ids only with --reevaluate"),
        (("evaluation_queue", "--execute"), "--execute only with --reevaluate"),
        (("diagnose_practice", "--user", "9" * 30), "must be an id"),
        (("diagnose_practice", "--user", "-5"), "must be an id"),
        (("fix_practice_issues", "--user", "0"), "must be an id"),
    ],
)
def test_what_makes_no_sense_is_refused(db, command, words):
    with pytest.raises(CommandError, match=words):
        call_command(*command)


@pytest.mark.parametrize(
    "command", ["load_question_bank", "sweep_test_sessions", "diagnose_practice"]
)
def test_without_tables_a_command_says_so_and_ends_with_2(tmp_path, command):
    answer = run("manage.py", command, DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3")

    assert answer.returncode == 2
    assert "The database cannot be used" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"ENVIRONMENT": "production"}, "SECRET_KEY must be set"),
        ({"DATABASE_URL": "mysql://me:secret@db/etude"}, "DATABASE_URL must begin with postgres"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must begin with postgres"),
        ({"REDIS_URL": "http://me:secret@cache"}, "REDIS_URL must begin with redis"),
        ({"EMAIL_URL": "pigeon://me:secret@mail"}, "EMAIL_URL must begin with smtp"),
        ({"VAR_DIR": "/dev/null/var"}, "VAR_DIR is /dev/null/var, where nothing can be written"),
        (
            {"DATABASE_URL": "postgres://me:secret@127.0.0.1:1/etude"},
            "The database cannot be used: connection failed",
        ),
    ],
)
@pytest.mark.parametrize(
    "program", [("manage.py", "sweep_test_sessions"), ("-m", "config.launcher.data")]
)
def test_what_an_operator_can_mend_is_a_sentence(tmp_path, program, env, words):
    answer = run(*program, **{"VAR_DIR": str(tmp_path), **env})

    assert answer.returncode == 2
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr and "secret@" not in answer.stderr


def test_a_web_server_on_settings_that_are_not_valid_says_so_too():
    answer = run("-m", "config.launcher.web", VAR_DIR="/dev/null/var")

    assert answer.returncode == 2
    assert answer.stderr.startswith("Etude cannot start: VAR_DIR is /dev/null/var")


def test_who_asks_for_the_traceback_gets_it(tmp_path):
    answer = run("manage.py", "check", "--traceback", VAR_DIR="/dev/null/var")

    assert answer.returncode == 1
    assert "Traceback" in answer.stderr


def test_a_cache_server_that_is_away_is_not_called_emptied(tmp_path):
    answer = run("manage.py", "clear_cache", VAR_DIR=str(tmp_path), REDIS_URL="redis://127.0.0.1:1")

    assert answer.returncode == 1
    assert "nothing was emptied" in answer.stderr and not answer.stdout


def test_clearing_a_cache_of_ones_own_is_not_called_done(settings, capsys):
    settings.REDIS_URL = ""

    call_command("clear_cache")

    assert "Nothing to empty" in capsys.readouterr().out
