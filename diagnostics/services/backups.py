"""The database as one file: made, checked, and put back in one transaction.

PostgreSQL's own programs do it (pg_dump, pg_restore and psql, of the server's version, in PATH);
for SQLite its online backup does.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from common.errors import Conflict, Invalid
from sessions_app.proctoring.models import ProctoredSession, ServerHeartbeat

QUIET = timedelta(minutes=1)
DUMP, SQLITE = b"PGDMP", b"SQLite format 3\x00"
# Django's names of how to reach a server, and those of PostgreSQL's programs.
ADDRESS = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
TLS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT"}
TLS |= {"sslkey": "PGSSLKEY"}
OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""
# What came after the backup goes too: it would stand in the way of its own migration.
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"


class Backup(NamedTuple):
    """A backup that was read through: `newer` are its migrations that this release does not have,
    `pending` how many of ours it lacks."""

    path: Path
    size: int  # bytes
    made_at: datetime
    newer: list[str]
    pending: int


def make_backup(path: Path) -> Backup:
    """Write the whole database to a new file that only its owner reads, and read it through.

    The file has its name only once it is whole. Raises Invalid when it exists already, when it
    cannot be written, or with what PostgreSQL's programs say.
    """
    if path.exists():
        raise Invalid(f"{path} exists. A backup never replaces another one: choose a new name.")
    part = path.with_name(f"{path.name}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        if _on_postgresql():
            _run("pg_dump", "--format=custom", f"--file={part}", *_database())
        else:
            with _sqlite(str(_sqlite_file())) as source, _sqlite(str(part)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")  # one file, also while it is read
        read_backup(part)
        part.rename(path)
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return read_backup(path)


def read_backup(path: Path) -> Backup:
    """Read the file from its first byte to its last. Raises Invalid for what is no whole backup of
    Etude, or one of the other kind of database."""
    try:
        with path.open("rb") as file:
            start = file.read(len(SQLITE))
        stat = path.stat()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    is_dump, is_sqlite = start.startswith(DUMP), start == SQLITE
    if not (is_dump or is_sqlite):
        raise Invalid(f"{path} is no backup that `manage.py backup` made.")
    if is_dump != _on_postgresql():
        kinds = ("PostgreSQL", "SQLite") if is_dump else ("SQLite", "PostgreSQL")
        raise Invalid(f"{path} is a backup of {kinds[0]}, and this Etude uses {kinds[1]}.")
    applied = set(_migrations_in_dump(path) if is_dump else _migrations_in_file(path))
    if not applied:
        raise Invalid(f"{path} holds another database: no migration of Etude is in it.")
    loader = MigrationLoader(None)
    replaced = {old for one in loader.disk_migrations.values() for old in one.replaces}
    newer = applied - loader.disk_migrations.keys() - replaced
    pending = loader.graph.nodes.keys() - applied
    made_at = datetime.fromtimestamp(stat.st_mtime).astimezone()
    return Backup(path, stat.st_size, made_at, sorted(map("/".join, newer)), len(pending))


def running_tests() -> int:
    return ProctoredSession.objects.active().count() if _has(ProctoredSession) else 0


def refuse_in_use(*, now: datetime) -> None:
    """Raises Conflict while anything else is connected, or a process of Etude was alive within the
    last minute: what it writes after the restore would rest on what it read before."""
    if _on_postgresql():
        _hang_up()
        others = int(_run("psql", "--no-psqlrc", "-At", "-c", OTHERS, *_database()))
        if others:
            connections = "One other connection uses" if others == 1 else f"{others} others use"
            raise Conflict(f"{connections} this database. Stop web, heartbeats, worker and beat.")
    signs = ServerHeartbeat.objects.filter(at__gt=now - QUIET) if _has(ServerHeartbeat) else ()
    for sign in signs:
        seconds = round((now - sign.at).total_seconds())
        raise Conflict(
            f"A process of Etude ({sign.get_id_display().lower()}) was alive {seconds} s ago. Stop "
            "web, heartbeats, worker and beat, and wait a minute."
        )


def restore_backup(backup: Backup) -> None:
    """Put back what the file holds, all or nothing. Raises Invalid when it could not be done; then
    the database is as it was."""
    if _on_postgresql():
        _hang_up()
        _restore_dump(backup.path)
    else:
        connection.close()
        with _sqlite(f"file:{backup.path}?mode=ro") as source, _sqlite(str(_sqlite_file())) as here:
            source.backup(here)
    connection.ensure_connection()


def _restore_dump(path: Path) -> None:
    command = ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--output=/dev/null"]
    command += ["--set=ON_ERROR_STOP=1", *_database()]
    read = ["pg_restore", "--no-owner", "--file=-", str(path)]
    with _program(*command, stdin=subprocess.PIPE) as psql:
        try:
            psql.stdin.write(EMPTY.encode())
            psql.stdin.flush()
            with _program(*read, stdout=psql.stdin):
                pass
        except (Invalid, BrokenPipeError):
            # At the end of its input it would commit what has arrived. If it has failed itself,
            # this does nothing, and it says why.
            psql.kill()


def _migrations_in_dump(path: Path) -> Iterator[tuple[str, str]]:
    """A dump that ends too early is an error of pg_restore's when all of it is read."""
    _run("pg_restore", "--file=/dev/null", str(path))
    rows = _run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(path))
    for line in rows.splitlines():
        columns = line.split("\t")
        if len(columns) == 4:
            yield columns[1], columns[2]


def _migrations_in_file(path: Path) -> list[tuple[str, str]]:
    try:
        with _sqlite(f"file:{path}?mode=ro") as database:
            (state,) = database.execute("PRAGMA integrity_check").fetchone()
            if state != "ok":
                raise Invalid(f"{path} is damaged: {state}.")
            return database.execute("SELECT app, name FROM django_migrations").fetchall()
    except sqlite3.OperationalError:
        return []
    except sqlite3.DatabaseError as error:
        raise Invalid(f"{path} is damaged: {error}.") from error


def _run(*command: str) -> str:
    with _program(*command, stdout=subprocess.PIPE) as process:
        return str(process.stdout.read().decode())


@contextmanager
def _program(*command: str, **pipes: Any) -> Iterator[Any]:
    """One of PostgreSQL's programs at our database; Invalid with its last words when it fails."""
    program = shutil.which(command[0])
    if program is None:
        raise Invalid(f"{command[0]} is not installed. It comes with PostgreSQL's client programs.")
    settings = connection.settings_dict
    env = {name: str(settings[key]) for key, name in ADDRESS.items() if settings[key]}
    env |= {TLS[key]: str(value) for key, value in settings["OPTIONS"].items() if key in TLS}
    with TemporaryFile("w+") as said:
        with (
            subprocess.Popen(  # noqa: S603
                [program, *command[1:]], env=os.environ | env, stderr=said, **pipes
            ) as process
        ):
            yield process
        if process.returncode:
            said.seek(0)
            words = said.read().strip() or f"ended with {process.returncode}"
            raise Invalid(f"{command[0]}: {words.splitlines()[0]}")


def _database() -> list[str]:
    return [f"--dbname={connection.settings_dict['NAME']}"]


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


@contextmanager
def _sqlite(name: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(name, uri=name.startswith("file:"), timeout=20)) as database:
        yield database


def _on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _hang_up() -> None:
    """Our own connections must not count among the others."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def _has(model: type[Model]) -> bool:
    return model._meta.db_table in connection.introspection.table_names()
