"""The laboratory: a durable PostgreSQL and a Valkey of its own, Etude and the peer on top.

Both servers run with two processes, share the one PostgreSQL (each has its database in it), and
are pressed in turn. Everything stands in a temporary folder and is removed at the end.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.launcher.heartbeats import heartbeats_command
from config.launcher.valkey import LOOPBACK, free_port
from config.launcher.web import web_command
from tests.servers.postgres import Postgres
from tests.servers.valkey import Valkey

ROOT = Path(__file__).resolve().parents[1]
#: Of both sides, and new in every run: production refuses a secret that can be guessed.
SECRET = secrets.token_urlsafe(48)
WORKERS = 2
# PostgreSQL's own defaults but for memory: every commit is on the disk before it is answered.
DURABLE = {"shared_buffers": "256MB", "max_wal_size": "4GB"}
UNLIMITED = 1_000_000


@dataclass(frozen=True)
class Server:
    """A running server; `pids` are the roots whose CPU counts as its own."""

    url: str
    pids: tuple[int, ...]


class Lab:
    """Opened once a run; `etude()`, `heartbeats()` and `peer()` start servers while needed."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="etude-bench-", dir=_short_tmp()))
        self.folder.chmod(0o711)
        for name in ("postgres", "valkey", "var"):
            (self.folder / name).mkdir()
        self.postgres = Postgres(self.folder / "postgres", settings=DURABLE)
        self.valkey = Valkey(self.folder / "valkey")

    def __enter__(self) -> Lab:
        try:
            self.postgres.start()
            self.valkey.start()
            for name in ("etude", "peer"):
                self.sql(f"CREATE DATABASE {name}")
            self._open_django()
            self._create_peer_tables()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name: str) -> str:
        return self.postgres.url.removesuffix("/postgres") + f"/{name}"

    def sql(self, statement: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement outside any transaction; its rows, if it has some."""
        import psycopg

        with psycopg.connect(self.database(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @contextlib.contextmanager
    def etude(self, **changes: str) -> Iterator[Server]:
        """Etude's web service as it runs in production; `changes` to its environment."""
        with self._service(web_command, changes) as server:
            yield server

    @contextlib.contextmanager
    def heartbeats(self, **changes: str) -> Iterator[Server]:
        """Etude's heartbeats service as it runs in production."""
        with self._service(heartbeats_command, changes) as server:
            yield server

    @contextlib.contextmanager
    def peer(self) -> Iterator[Server]:
        port = free_port()
        options = ["--host", LOOPBACK, "--port", str(port), "--workers", str(WORKERS)]
        quiet = ["--no-access-log", "--log-level", "warning", "--backlog", "4096"]
        command = [*self._peer("uvicorn"), "bench.peer.app:app", *options, *quiet]
        with self._running("peer", command, port, self.peer_environment) as pid:
            yield Server(f"http://{LOOPBACK}:{port}", (pid, self._postmaster))

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.database("etude"),
            "REDIS_URL": self.valkey.url,
            "VAR_DIR": str(self.folder / "var"),
            "ENVIRONMENT": "production",
            "DEBUG": "false",
            "HTTPS": "false",
            "WITHOUT_PROXY": "true",
            "WITHOUT_TLS": "true",
            "SECRET_KEY": SECRET,
            "ALLOWED_HOSTS": f"{LOOPBACK},localhost",
            "SITE_URL": f"http://{LOOPBACK}",
            "STATIC_FROM_SOURCE": "true",
            "WEB_WORKERS": str(WORKERS),
            "LIMIT_FREE_PRACTICE_START": str(UNLIMITED),
            "LIMIT_FREE_INTERVIEW_START": str(UNLIMITED),
            "LIMIT_FREE_EVALUATION": str(UNLIMITED),
            "EVALUATION_PROVIDER": "local",
        }
        return {**os.environ, **own}

    @property
    def peer_environment(self) -> dict[str, str]:
        url = self.database("peer").replace("postgres://", "postgresql+asyncpg://")
        return {**os.environ, "PEER_DATABASE_URL": url, "PEER_SECRET": SECRET}

    @property
    def _postmaster(self) -> int:
        return self.postgres.process.pid if self.postgres.process else 0

    @property
    def _valkey_pid(self) -> int:
        return self.valkey.process.pid if self.valkey.process else 0

    def _peer(self, module: str) -> list[str]:
        from bench.setup import peer_python

        return [str(peer_python()), "-m", module]

    def _open_django(self) -> None:
        """In this process, to fill the tables; the servers are processes of their own."""
        os.environ.update(self.environment, LOG_LEVEL="ERROR")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_question_bank", verbosity=0)

    def _create_peer_tables(self) -> None:
        command = self._peer("bench.peer.create")
        subprocess.run(command, cwd=ROOT, env=self.peer_environment, check=True)

    @contextlib.contextmanager
    def _service(
        self, command_of: Callable[[str, int], list[str]], changes: dict[str, str]
    ) -> Iterator[Server]:
        port = free_port()
        env = {**self.environment, **changes}
        with _environment(changes):
            command = command_of(LOOPBACK, port)
        with self._running("etude", command, port, env) as pid:
            pids = (pid, self._postmaster, self._valkey_pid)
            yield Server(f"http://{LOOPBACK}:{port}", pids)

    @contextlib.contextmanager
    def _running(
        self, name: str, command: list[str], port: int, env: dict[str, str]
    ) -> Iterator[int]:
        log = (self.folder / f"{name}.log").open("ab")
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_until_up(f"http://{LOOPBACK}:{port}/healthz", process, log.name)
            yield process.pid
        finally:
            log.close()
            _stop(process)


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).read()  # noqa: S310 - our own server
            return
        time.sleep(0.1)
    _stop(process)
    raise RuntimeError(f"{url} did not come up:\n{Path(log).read_text()[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the server, wait, then end whatever is left of its own process group."""
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _short_tmp() -> str:
    return "/tmp" if os.geteuid() == 0 else tempfile.gettempdir()  # noqa: S108
