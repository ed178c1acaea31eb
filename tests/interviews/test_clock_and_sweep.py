"""The timer is the server's; forgotten sessions are ended as the contract says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sessions_app.interviews.models import PracticeSession
from sessions_app.interviews.rules import lateness
from sessions_app.interviews.services import end_forgotten_sessions
from sessions_app.interviews.transitions import ENDED, MOVES, OPEN, may_move
from sessions_app.tasks import end_forgotten
from tests.interviews.factories import SessionFactory

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def session_at(*, timer=None, active_after=0):
    return SessionFactory(
        mode="timed" if timer else "standard",
        timer_minutes=timer,
        started_at=T0,
        deadline=T0 + timedelta(minutes=timer) if timer else None,
        last_activity_at=T0 + timedelta(minutes=active_after),
    )


def sweep_at(minutes):
    return end_forgotten_sessions(now=T0 + timedelta(minutes=minutes)).ended


def test_every_pair_of_states_is_decided():
    allowed = {(a, b) for a in MOVES for b in MOVES if may_move(a, b)}

    assert allowed == {(OPEN, ENDED)}


def test_lateness_counts_whole_seconds_after_the_deadline():
    deadline = T0

    assert lateness(deadline=None, now=T0) == 0
    assert lateness(deadline=deadline, now=T0 - timedelta(seconds=5)) == 0
    assert lateness(deadline=deadline, now=T0 + timedelta(seconds=5.9)) == 5


def test_the_deadline_stands_in_any_mode_with_a_timer(api):
    body = api.post("/api/sessions", {"mode": "rapid_fire", "timer_minutes": 10}).json()
    started, deadline = (datetime.fromisoformat(body[k]) for k in ("started_at", "deadline"))

    assert deadline - started == timedelta(minutes=10)


def test_a_late_answer_is_kept_and_marked(api, owner, answered):
    session = SessionFactory(user=owner, overdue=True)

    reply = api.post(f"/api/sessions/{session.pk}/attempts", answered)

    assert reply.status_code == 201
    assert 600 <= reply.json()["late_by_sec"] <= 605


def test_30_silent_minutes_after_the_deadline_end_a_session_at_its_deadline():
    session = session_at(timer=10)

    assert sweep_at(39) == 0
    assert sweep_at(40) == 1
    session.refresh_from_db()
    assert session.ended_at == session.deadline
    assert session.ended_by == "sweep"
    assert sweep_at(41) == 0


def test_activity_after_the_deadline_moves_the_end_with_it():
    session = session_at(timer=10, active_after=25)

    assert sweep_at(54) == 0
    assert sweep_at(55) == 1
    session.refresh_from_db()
    assert session.ended_at == T0 + timedelta(minutes=25)


def test_without_a_timer_it_takes_a_silent_day():
    session = session_at(active_after=60)

    assert sweep_at(24 * 60 + 59) == 0
    assert sweep_at(25 * 60) == 1
    session.refresh_from_db()
    assert session.ended_at == T0 + timedelta(minutes=60)


def test_a_beat_of_the_page_keeps_a_session_open_and_tells_the_time(api, owner):
    session = SessionFactory(user=owner, overdue=True)
    before = session.last_activity_at

    body = api.post(f"/api/sessions/{session.pk}/beat").json()

    session.refresh_from_db()
    assert session.last_activity_at > before
    assert datetime.fromisoformat(body["deadline"]) == session.deadline
    assert body["ended_at"] is None
    assert abs(datetime.fromisoformat(body["server_time"]) - session.last_activity_at) < timedelta(
        seconds=1
    )


def test_the_beats_task_ends_what_was_forgotten_a_day_ago():
    session_at(timer=10)

    assert end_forgotten() == 1
    assert not PracticeSession.objects.open().exists()
