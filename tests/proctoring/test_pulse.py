"""The pulse of a web process: written by itself, and never in the way."""

from __future__ import annotations

from datetime import timedelta

from django.db import OperationalError

from common import clock
from sessions_app.proctoring import pulse
from sessions_app.proctoring.models import Outage, ServerPulse


def test_a_pulse_that_ends_an_outage_gives_time_back(db, monkeypatch):
    monkeypatch.setattr(pulse.connections, "close_all", lambda: None)
    ServerPulse.objects.create(at=clock.now() - timedelta(minutes=3))
    pulse.beat_once()
    assert Outage.objects.count() == 1
    pulse.beat_once()
    assert Outage.objects.count() == 1


def test_without_a_database_the_pulse_goes_on(db, monkeypatch):
    def gone(*, now):
        raise OperationalError("gone")

    monkeypatch.setattr(pulse.connections, "close_all", lambda: None)
    monkeypatch.setattr(pulse, "record_pulse", gone)
    pulse.beat_once()


def test_without_a_thread_nothing_waits(db):
    pulse.wait_for_first_pulse(timeout=60)
