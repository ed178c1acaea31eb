"""Web and heartbeats as real processes in front of the test's database."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.db import connection

from config.launcher.valkey import free_port
from sessions_app.proctoring.models import ProctoredSession
from tests.assessments.factories import token_for

ROOT = Path(__file__).resolve().parents[2]


class Service:
    """Two granian workers of a module of config.launcher, as in production."""

    def __init__(self, folder: Path, module: str = "web", **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = environment
        self.command = [sys.executable, "-m", f"config.launcher.{module}"]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        database = connection.settings_dict
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}"
        env = {
            **os.environ,
            "DATABASE_URL": f"{url}/{database['NAME']}",
            "PORT": str(self.port),
            "VAR_DIR": str(self.folder),
            "WEB_WORKERS": "2",
            "LOG_LEVEL": "WARNING",
            **self.environment,
        }
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=env, start_new_session=True)
        self.wait_for("/healthz")

    def wait_for(self, path: str, *, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while self.ask("GET", path) != 200:
            assert time.monotonic() < end, f"{path} does not answer"
            time.sleep(0.2)

    def ask(self, method: str, path: str, *, token: str = "") -> int:
        url = f"http://127.0.0.1:{self.port}{path}"
        # As the proxy in front says it, which is believed when it is told of one.
        headers = {"X-Forwarded-Proto": "https"}
        request = urllib.request.Request(url, method=method, headers=headers)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            return int(urllib.request.urlopen(request, timeout=10).status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def beat(self, session: ProctoredSession) -> int:
        path = f"/api/test-session/{session.pk}/heartbeat"
        return self.ask("PUT", path, token=token_for(session.candidate))

    def kill(self) -> None:
        """All of it at once, without a word."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def close_other_connections() -> None:
    """What killed processes left open, before the tables are emptied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
