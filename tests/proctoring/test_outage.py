"""When the server itself was away, no test pays for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sessions_app.proctoring.models import Outage, ProctoredSession, ServerPulse
from sessions_app.proctoring.services.outages import record_pulse
from sessions_app.proctoring.services.sweeping import sweep_sessions
from tests import NOW
from tests.proctoring.factories import SessionFactory

GAP = timedelta(minutes=20)


def running(*, left=timedelta(minutes=30), **fields):
    start = NOW - GAP - timedelta(minutes=60) + left
    return SessionFactory(test_start_time=start, last_heartbeat=NOW - GAP, **fields)


@pytest.fixture
def away(db):
    """The last pulse is 20 minutes old."""
    ServerPulse.objects.create(at=NOW - GAP)


def test_a_gap_is_given_back_once_and_recorded(away):
    session = running(left=timedelta(minutes=5))
    before = session.deadline
    report = sweep_sessions(now=NOW)

    session.refresh_from_db()
    assert report.given_back_seconds == GAP.total_seconds() and report.total == 0
    assert (session.status, session.deadline) == ("active", before + GAP)
    assert session.beat.deadline == session.deadline
    event = session.events.get()
    assert (event.type, event.detail) == ("time_given_back", {"seconds": 1200.0})
    assert Outage.objects.get().sessions == 1

    sweep_sessions(now=NOW + timedelta(seconds=15))
    session.refresh_from_db()
    assert session.deadline == before + GAP and Outage.objects.count() == 1


def test_silence_starts_anew_after_the_outage(away):
    session = running()
    sweep_sessions(now=NOW)
    assert sweep_sessions(now=NOW + timedelta(seconds=50)).total == 0
    for seconds in range(60, 301, 60):
        record_pulse(now=NOW + timedelta(seconds=seconds))
    assert sweep_sessions(now=NOW + timedelta(seconds=301)).closed == {"heartbeat_timeout": 1}
    session.refresh_from_db()
    assert session.status == "abandoned"


def test_what_had_ended_gets_nothing_and_what_was_left_keeps_its_chance(away):
    done = running(completed=True)
    over = running(left=timedelta(minutes=-5), left_at=NOW - GAP, status="abandoned",
                   completion_method="tab_close", next_check_at=None)  # fmt: skip
    left = running(left_at=NOW - GAP, status="abandoned", completion_method="tab_close",
                   next_check_at=None)  # fmt: skip
    before = {s.pk: s.deadline for s in (done, over, left)}
    record_pulse(now=NOW)

    after = {s.pk: s.deadline for s in ProctoredSession.objects.all()}
    assert after == {**before, left.pk: before[left.pk] + GAP}


def test_pulses_that_follow_each_other_give_nothing_back(db):
    session = running()
    for seconds in range(0, 300, 55):
        assert record_pulse(now=NOW + timedelta(seconds=seconds)) is None
    session.refresh_from_db()
    assert not Outage.objects.exists() and not session.events.exists()


def test_a_clock_that_goes_back_does_not_move_the_pulse(db):
    record_pulse(now=NOW)
    record_pulse(now=NOW - timedelta(minutes=10))
    assert ServerPulse.objects.get().at == NOW
