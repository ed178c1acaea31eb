"""Real web processes in front of the test's database, really killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import F

from common import clock
from config.launcher.valkey import free_port
from sessions_app.proctoring.models import (
    Outage,
    ProctoredSession,
    ServerPulse,
    SessionBeat,
    SessionEvent,
)
from sessions_app.proctoring.pulse import EVERY_SECONDS, FIRST_SECONDS
from sessions_app.proctoring.services.sweeping import sweep_sessions
from sessions_app.proctoring.simulation.run import children_of
from tests.assessments.factories import token_for
from tests.proctoring.factories import SessionFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="processes share a PostgreSQL"),
]

ROOT = Path(__file__).resolve().parents[2]


class Web:
    """Two granian workers as `make run` starts them."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        database = connection.settings_dict
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}"
        env = {
            **os.environ,
            "DATABASE_URL": f"{url}/{database['NAME']}",
            "PORT": str(self.port),
            "VAR_DIR": str(self.folder),
            "FAST_BEATS": "true",
            "WEB_WORKERS": "2",
            **self.environment,
        }
        command = [sys.executable, "-m", "config.launcher.web"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
        self.wait_for("/healthz")

    def wait_for(self, path: str, *, seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while self.ask("GET", path) != 200:
            assert time.monotonic() < end, f"{path} does not answer"
            time.sleep(0.2)

    def ask(self, method: str, path: str, *, token: str = "") -> int:
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, method=method)
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


@pytest.fixture
def environment():
    """What a test changes in the environment of its web."""
    return {}


@pytest.fixture
def web(tmp_path, environment):
    server = Web(tmp_path, **environment)
    server.start()
    yield server
    server.kill()
    with connection.cursor() as cursor:  # what the killed processes left open
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def let_time_pass(minutes: float) -> None:
    """Everything that was stamped so far was stamped that much earlier."""
    ago = timedelta(minutes=minutes)
    ServerPulse.objects.update(at=F("at") - ago)
    SessionBeat.objects.update(
        last_heartbeat=F("last_heartbeat") - ago, deadline=F("deadline") - ago
    )
    ProctoredSession.objects.update(
        test_start_time=F("test_start_time") - ago,
        deadline=F("deadline") - ago,
        next_check_at=F("next_check_at") - ago,
    )


def test_the_web_dies_while_the_sweep_runs_on_and_nobody_loses_time(web):
    sessions = [
        SessionFactory(),
        SessionFactory(test_start_time=clock.now() - timedelta(minutes=57)),
    ]
    assert [web.beat(session) for session in sessions] == [200, 200]
    left = [session.deadline - clock.now() for session in sessions]

    web.kill()
    let_time_pass(
        minutes=7
    )  # longer than the silence of 5 minutes, and than the 3 that one has left
    report = sweep_sessions(now=clock.now())
    assert report.total == 0 and report.web_away_since is not None

    web.start()
    assert [web.beat(session) for session in sessions] == [200, 200]
    sweep_sessions(now=clock.now())
    for session, before in zip(sessions, left, strict=True):
        session.refresh_from_db()
        assert session.status == "active"
        # Only the moments of a start and of a beat are gone.
        assert before - timedelta(seconds=45) < session.deadline - clock.now() <= before
    assert Outage.objects.get().sessions == 2
    assert SessionEvent.objects.filter(type="time_given_back").count() == 2


def test_one_worker_of_two_dies_and_nobody_is_given_time(web):
    """Who was silent meanwhile was silent by themselves."""
    working = SessionFactory()
    silent = SessionFactory(last_heartbeat=clock.now() - timedelta(minutes=4, seconds=50))
    before = {session.pk: session.deadline for session in (working, silent)}
    end = time.monotonic() + 25
    os.kill(children_of(web.process.pid)[0], signal.SIGKILL)
    while time.monotonic() < end:
        assert web.beat(working) in (200, 0)  # 0: it hung up in the midst of this one
        time.sleep(1)

    report = sweep_sessions(now=clock.now())
    assert (report.closed, report.web_away_since) == ({"heartbeat_timeout": 1}, None)
    assert not Outage.objects.exists()
    after = {session.pk: session.deadline for session in ProctoredSession.objects.all()}
    assert after == before


@pytest.mark.parametrize(
    "environment", [{"FAST_BEATS": "false", "WEB_WORKERS": "1", "WEB_THREADS": "1"}]
)
def test_a_web_that_lives_but_answers_nobody_was_away(web):
    """Its only thread waits for a row; the pulse has a thread and a connection of its own."""
    session = SessionFactory()
    time.sleep(FIRST_SECONDS + 1)
    assert web.beat(session) == 200
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            SessionBeat.objects.select_for_update().get(pk=session.pk)
            stuck_since = clock.now()
            stuck = pool.submit(web.beat, session)
            time.sleep(EVERY_SECONDS + 4)  # a pulse was due meanwhile
            assert ServerPulse.objects.get(pk=ServerPulse.Source.WEB).at < stuck_since
        assert stuck.result(timeout=20) in (200, 0)
    let_time_pass(minutes=7)
    assert web.beat(session) == 200
    assert Outage.objects.get().sessions == 1
