"""What a start and a resume cost, and what becomes of the tests that are not the plain case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from tests.proctoring.factories import SessionFactory

PATH = "/api/test-session"
WORK = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def start(api: Any, candidate: Any, **more: Any) -> Any:
    return api.post(PATH, {"candidate_id": str(candidate.pk), **more})


def statements_of(api: Any, candidate: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert start(api, candidate).status_code in (200, 201)
    return [q["sql"] for q in captured.captured_queries if q["sql"].startswith(WORK)]


def test_a_first_start_looks_for_nothing_and_inserts_three_rows(api, candidate):
    statements = statements_of(api, candidate)

    assert len([sql for sql in statements if sql.startswith("INSERT")]) == 3
    assert len(statements) <= 6


def test_a_resume_of_a_live_test_is_three_statements_that_lock_no_session(api, candidate):
    SessionFactory(candidate=candidate)
    statements = statements_of(api, candidate)

    assert [sql.split()[0] for sql in statements] == ["SELECT", "SELECT", "UPDATE"]
    assert "FOR UPDATE" not in " ".join(statements)


def test_a_start_tells_what_is_stored(api, candidate):
    told = start(api, candidate, tab_id="a", sequence=3).json()["session"]

    session = ProctoredSession.objects.get()
    assert told["created_at"] == clock.iso(session.created_at)
    assert told["deadline"] == clock.iso(session.deadline) == clock.iso(session.beat.deadline)
    assert told["last_heartbeat"] == clock.iso(session.beat.last_heartbeat)
    assert (session.beat.tab, session.beat.sequence) == ("a", 3)
    event = session.events.get()
    assert (event.type, event.detail, event.at) == (
        "started", {"minutes": 60}, session.test_start_time,
    )  # fmt: skip


def test_a_reload_takes_the_beat_over_and_keeps_activity_and_answers(api, candidate):
    acted = clock.now() - timedelta(minutes=1)
    SessionFactory(
        candidate=candidate,
        pending_answers={"q1": "so far"},
        beat={"tab": "old", "sequence": 40, "last_activity": acted},
    )
    reply = start(api, candidate, tab_id="new", sequence=0)

    assert reply.status_code == 200
    beat = SessionBeat.objects.get()
    assert (beat.tab, beat.sequence, beat.last_activity) == ("new", 0, acted)
    told = reply.json()["session"]
    assert told["pending_answers"] == {"q1": "so far"}
    assert told["last_heartbeat"] == clock.iso(beat.last_heartbeat) == reply.json()["server_time"]
    assert told["last_activity"] == clock.iso(acted)


def test_a_reload_after_six_silent_minutes_is_a_time_out_and_a_return(api, candidate):
    SessionFactory(candidate=candidate, last_heartbeat=clock.now() - timedelta(minutes=6))

    assert start(api, candidate).status_code == 200
    session = ProctoredSession.objects.get()
    assert [event.type for event in session.events.all()] == ["heartbeat_timeout", "resumed"]
    assert session.status == "active" and session.beat


def test_a_reload_past_the_deadline_closes_the_test_and_is_refused(api, candidate):
    begun = clock.now() - timedelta(minutes=61)
    SessionFactory(candidate=candidate, test_start_time=begun)

    assert start(api, candidate).status_code == 409
    session = ProctoredSession.objects.get()
    assert (session.status, session.completed_at) == ("completed", session.deadline)


def test_a_reload_gives_a_lost_beat_row_back(api, candidate):
    SessionFactory(candidate=candidate, beat=False)

    assert start(api, candidate).status_code == 200
    assert SessionBeat.objects.count() == 1


def test_a_void_test_is_refused_whatever_its_rows_say(api, candidate):
    SessionFactory(candidate=candidate, voided_at=clock.now())

    reply = start(api, candidate)
    assert (reply.status_code, reply.json()["code"]) == (409, "session_voided")


@pytest.mark.parametrize("first", [201, 200])
def test_a_key_gives_the_first_answer_again(api, candidate, first):
    if first == 200:
        SessionFactory(candidate=candidate)
    key = {"HTTP_IDEMPOTENCY_KEY": "start-1"}
    body = {"candidate_id": str(candidate.pk)}
    replies = [api.post(PATH, body, **key) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [first, first]
    assert replies[0].json() == replies[1].json()
    assert replies[1]["Idempotency-Replayed"] == "true"
