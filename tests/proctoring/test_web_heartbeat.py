"""The web heartbeat of a process: recorded by itself, and never in the way."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError

from common import clock
from sessions_app.proctoring import web_heartbeat as module
from sessions_app.proctoring.models import Outage, ServerHeartbeat
from sessions_app.proctoring.web_heartbeat import WebHeartbeat, record_once


@pytest.fixture(autouse=True)
def keep_the_connection(db, monkeypatch):
    monkeypatch.setattr(module.connections, "close_all", lambda: None)


@pytest.fixture
def running():
    """One that began in some thread, and has not been recorded yet."""
    heartbeat = WebHeartbeat()
    heartbeat.thread = threading.current_thread()
    return heartbeat


def test_one_that_ends_an_outage_gives_time_back():
    ServerHeartbeat.objects.create(
        pk=ServerHeartbeat.Source.WEB, at=clock.now() - timedelta(minutes=3)
    )
    assert record_once()
    assert Outage.objects.count() == 1
    assert record_once()
    assert Outage.objects.count() == 1


@pytest.mark.parametrize("error", [OperationalError("gone"), ValueError("a mistake of ours")])
def test_whatever_goes_wrong_it_goes_on(monkeypatch, error):
    def fail(*, now):
        raise error

    monkeypatch.setattr(module, "record_web_heartbeat", fail)
    assert record_once() is False


def test_without_a_thread_nothing_is_written_and_nothing_waits():
    WebHeartbeat().ensure()
    assert not ServerHeartbeat.objects.exists()


def test_the_first_request_waits_for_the_first_record_and_the_next_ones_for_nothing(running):
    running.ensure()
    first = ServerHeartbeat.objects.get().at
    running.ensure()
    assert ServerHeartbeat.objects.get().at == first


def test_after_a_sleep_the_first_request_gives_time_back_before_it_is_served(running, monkeypatch):
    running.ensure()
    ServerHeartbeat.objects.update(at=clock.now() - timedelta(minutes=5))
    woken = time.time() + 300
    monkeypatch.setattr(module.time, "time", lambda: woken)
    running.ensure()
    assert Outage.objects.count() == 1


def test_while_the_database_is_away_not_every_request_tries(running, monkeypatch):
    tries = []

    def fail(*, now):
        tries.append(now)
        raise OperationalError("gone")

    monkeypatch.setattr(module, "record_web_heartbeat", fail)
    for _ in range(5):
        running.ensure()
    assert len(tries) == 1


def test_a_process_that_lives_but_answers_nobody_records_nothing_and_then_the_time_back(running):
    long_ago = clock.now() - timedelta(minutes=3)
    ServerHeartbeat.objects.create(pk=ServerHeartbeat.Source.WEB, at=long_ago)
    running.record_if(lambda: False)
    assert ServerHeartbeat.objects.get().at == long_ago

    running.record_if(lambda: True)
    assert Outage.objects.get().started_at == long_ago
