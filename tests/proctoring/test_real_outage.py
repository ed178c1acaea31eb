"""Real processes of web and heartbeats in front of the test's database, really killed."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F

from common import clock
from sessions_app.proctoring.models import (
    Outage,
    ProctoredSession,
    ServerHeartbeat,
    SessionBeat,
    SessionEvent,
)
from sessions_app.proctoring.services.sweeping import sweep_sessions
from sessions_app.proctoring.simulation.run import children_of
from sessions_app.proctoring.web_heartbeat import EVERY_SECONDS, FIRST_SECONDS
from tests.proctoring.factories import SessionFactory
from tests.proctoring.real_services import Service, close_other_connections

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
    pytest.mark.timeout(400),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="processes share a PostgreSQL"),
]


@pytest.fixture
def start(tmp_path):
    """`start("web")`: a service as it runs in production; killed at the end."""
    running = []

    def started(service, **environment):
        running.append(Service(tmp_path, service, **environment))
        running[-1].start()
        return running[-1]

    yield started
    for service in running:
        service.kill()
    close_other_connections()


def let_time_pass(minutes: float) -> None:
    """Everything that was stamped so far was stamped that much earlier."""
    ago = timedelta(minutes=minutes)
    ServerHeartbeat.objects.update(at=F("at") - ago)
    SessionBeat.objects.update(
        last_heartbeat=F("last_heartbeat") - ago, deadline=F("deadline") - ago
    )
    ProctoredSession.objects.update(
        test_start_time=F("test_start_time") - ago,
        deadline=F("deadline") - ago,
        next_check_at=F("next_check_at") - ago,
    )


@pytest.mark.parametrize("service", ["web", "heartbeats"])
def test_the_web_dies_while_the_sweep_runs_on_and_nobody_loses_time(start, service):
    web = start(service)
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


def test_one_worker_of_two_dies_and_nobody_is_given_time(start):
    """Who was silent meanwhile was silent by themselves."""
    web = start("web")
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


def test_while_one_of_the_services_answers_the_web_is_there(start):
    web, heartbeats = start("web"), start("heartbeats")
    session = SessionFactory()
    assert (web.beat(session), heartbeats.beat(session)) == (200, 200)
    web.kill()
    SessionBeat.objects.all().delete()  # a beat that was taken would be a sign of its own
    stamp = ServerHeartbeat.objects.get(pk=ServerHeartbeat.Source.WEB).at
    time.sleep(EVERY_SECONDS + 4)

    assert ServerHeartbeat.objects.get(pk=ServerHeartbeat.Source.WEB).at > stamp
    assert sweep_sessions(now=clock.now()).web_away_since is None
    assert not Outage.objects.exists()


def test_a_web_that_lives_but_answers_nobody_was_away(start):
    """Its only thread waits for a row; its web heartbeat has a thread and a connection of its own."""
    web = start("web", WEB_WORKERS="1", WEB_THREADS="1")
    session = SessionFactory()
    time.sleep(FIRST_SECONDS + 1)
    assert web.beat(session) == 200
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            SessionBeat.objects.select_for_update().get(pk=session.pk)
            stuck_since = clock.now()
            stuck = pool.submit(web.beat, session)
            time.sleep(EVERY_SECONDS + 4)  # one was due meanwhile
            assert ServerHeartbeat.objects.get(pk=ServerHeartbeat.Source.WEB).at < stuck_since
        assert stuck.result(timeout=20) in (200, 0)
    let_time_pass(minutes=7)
    assert web.beat(session) == 200
    assert Outage.objects.get().sessions == 1
