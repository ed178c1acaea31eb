"""The checklist and the example bodies of test-sessions.md, field by field, over HTTP."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

from django.utils.dateparse import parse_datetime
from structlog.testing import capture_logs

from sessions_app.proctoring.api.outputs import SittingOutput
from sessions_app.proctoring.metrics import BEATS
from tests.assessments.clients import bearer
from tests.assessments.factories import AssessmentFactory, CandidateFactory, token_for
from tests.proctoring.roads import on_both_roads

DOCUMENT_FIELDS = {
    "candidate_id", "test_start_time", "test_duration_minutes", "last_heartbeat", "last_activity",
    "status", "completion_method", "completed_at", "sections_completed", "pending_answers",
    "created_at", "updated_at",
}  # fmt: skip


def test_creates_a_session_on_test_start(api, candidate):
    body = {"candidate_id": str(candidate.pk), "test_duration_minutes": 60}
    reply = api.post("/api/test-session", body)

    assert reply.status_code == 201
    session = reply.json()["session"]
    assert reply.json()["success"] is True
    assert session.keys() >= DOCUMENT_FIELDS
    assert session["candidate_id"] == str(candidate.pk)
    assert session["test_start_time"].endswith("Z")
    assert session["status"] == "active"
    assert session["test_duration_minutes"] == 60
    assert session["completion_method"] is None and session["completed_at"] is None
    assert session["sections_completed"] == [] and session["pending_answers"] == {}
    start = parse_datetime(session["test_start_time"])
    assert parse_datetime(session["deadline"]) - start == timedelta(minutes=60)


def test_the_schema_names_what_the_api_shows(started):
    assert set(started) == {field.name for field in fields(SittingOutput)}


def test_a_second_start_returns_the_session_with_its_clock_unchanged(api, candidate, started):
    body = {"candidate_id": str(candidate.pk), "test_duration_minutes": 480}
    reply = api.post("/api/test-session", body)

    assert reply.status_code == 200
    assert reply.json()["session"]["test_start_time"] == started["test_start_time"]
    assert reply.json()["session"]["deadline"] == started["deadline"]


def test_the_default_length_is_an_hour_and_the_assessment_wins(candidate):
    other = CandidateFactory(assessment=AssessmentFactory(duration_minutes=45), extra_minutes=15)
    lengths = []
    for person in (candidate, other):
        reply = bearer(token_for(person)).post(
            "/api/test-session",
            {"candidate_id": str(person.pk)}
            | ({"test_duration_minutes": 480} if person is other else {}),
        )
        lengths.append(reply.json()["session"]["test_duration_minutes"])

    assert lengths == [60, 60]


def test_the_length_is_an_integer_from_1_to_480(api, candidate):
    for wrong in (0, 481, -1, 1.5, "60", True):
        body = {"candidate_id": str(candidate.pk), "test_duration_minutes": wrong}
        reply = api.post("/api/test-session", body)
        assert reply.status_code == 400, wrong
        assert reply.json()["success"] is False
        assert "test_duration_minutes" in reply.json()["fields"]


@on_both_roads
def test_heartbeat_updates_last_heartbeat(api, url, started):
    reply = api.put(url("heartbeat"))

    body = reply.json()
    assert reply.status_code == 200
    assert body["success"] is True and body["status"] == "active"
    assert body["deadline"] == started["deadline"]
    assert body["last_heartbeat"] > started["last_heartbeat"]
    assert body["server_time"] == body["last_heartbeat"]
    assert api.get(url()).json()["session"]["last_heartbeat"] == body["last_heartbeat"]


@on_both_roads
def test_a_heartbeat_needs_neither_body_nor_content_type(api, url, started):
    assert api.generic("PUT", url("heartbeat"), b"", content_type="").status_code == 200
    body = b'{"tab_id": "a", "sequence": 1}'
    assert api.generic("PUT", url("heartbeat"), body, content_type="").status_code == 200
    assert api.put(url("heartbeat"), {"sequence": "one"}).status_code == 400
    assert api.generic("PUT", url("heartbeat"), b"{", content_type="").status_code == 400


@on_both_roads
def test_activity_updates_both_stamps(api, url, started):
    reply = api.put(url("activity"))

    assert reply.status_code == 200 and reply.json()["success"] is True
    session = api.get(url()).json()["session"]
    assert session["last_activity"] == session["last_heartbeat"] == reply.json()["last_activity"]


@on_both_roads
def test_progress_merges_and_answers_with_the_merged_state(api, url, started):
    api.put(
        url("progress"),
        {"sections_completed": ["section1"], "pending_answers": {"question1": "answer1"}},
    )
    reply = api.put(
        url("progress"),
        {
            "sections_completed": ["section2", "section1"],
            "pending_answers": {"question2": {"code": "x = 1", "language": "python"}},
        },
    )

    assert reply.status_code == 200
    body = reply.json()
    assert body["success"] is True
    assert body["sections_completed"] == ["section1", "section2"]
    assert body["pending_answers"] == {
        "question1": "answer1",
        "question2": {"code": "x = 1", "language": "python"},
    }


def test_complete_says_when(api, url, started):
    reply = api.put(url("complete"), {"completion_method": "manual"})

    body = reply.json()
    assert reply.status_code == 200
    assert (body["success"], body["status"]) == (True, "completed")
    assert body["completed_at"].endswith("Z")
    session = api.get(url()).json()["session"]
    assert session["completion_method"] == "manual"
    assert session["completed_at"] == body["completed_at"]
    assert session["last_heartbeat"] is not None


def test_tab_close_abandons_at_once(api, url, started):
    reply = api.put(url("abandon"), {"completion_method": "tab_close"})

    assert reply.status_code == 200
    assert (reply.json()["success"], reply.json()["status"]) == (True, "abandoned")
    session = api.get(url()).json()["session"]
    assert session["completion_method"] == "tab_close" and session["left_at"]
    assert session["completed_at"] is None


def test_get_session_before_the_start_is_404(api, url):
    reply = api.get(url())

    assert reply.status_code == 404
    assert reply.json()["success"] is False and reply.json()["code"] == "no_session"


def test_staff_list_active_sessions(staff_api, started):
    reply = staff_api.get("/api/test-session/active")

    assert reply.status_code == 200
    body = reply.json()
    assert body["success"] is True and body["next"] is None
    assert [s["candidate_id"] for s in body["sessions"]] == [started["candidate_id"]]
    assert body["sessions"][0]["status"] == "active"


def test_staff_list_abandoned_sessions(staff_api, api, url, started):
    assert staff_api.get("/api/test-session/abandoned").json()["sessions"] == []
    api.post(url("abandon"))

    (row,) = staff_api.get("/api/test-session/abandoned").json()["sessions"]
    assert row["status"] == "abandoned" and row["overdue"] is False


def test_staff_read_the_analytics_of_the_document(staff_api, api, url, started):
    api.put(url("complete"))

    body = staff_api.get("/api/test-session/analytics").json()
    assert body["success"] is True
    assert 0 <= body["avg_minutes"] < 1
    assert body["by_status"] == [{"status": "completed", "count": 1, "percentage": 100.0}]
    assert body["by_method"][0]["method"] == "manual"
    assert body["by_assessment"][0]["count"] == 1
    assert body["by_assessment"][0]["title"] == "No assessment"


@on_both_roads
def test_each_beat_is_counted_named_and_logged(api, url, started, monkeypatch):
    monkeypatch.setattr("sessions_app.proctoring.hot.wsgi.ONE_IS_LOGGED_OF", 1)
    before = {kind: counted(kind) for kind in ("heartbeat", "activity", "progress")}
    with capture_logs() as lines:
        replies = [
            api.put(url(kind), {"pending_answers": {}, "tab_id": "a", "sequence": 1}, headers=NAMED)
            for kind in before
        ]
    assert [reply["X-Request-ID"] for reply in replies] == ["from-the-proxy"] * 3
    assert [counted(kind) - was for kind, was in before.items()] == [1, 1, 1]
    told = [line for line in lines if line["event"] == "request_finished"]
    assert [(line["request"], line["code"]) for line in told] == [
        (f"PUT {url(kind)}", 200) for kind in before
    ]
    assert {line["user_id"] for line in told} == {f"candidate:{started['candidate_id']}"}
    assert len(api.put(url("heartbeat"))["X-Request-ID"]) == 32


NAMED = {"X-Request-ID": "from-the-proxy"}


def counted(kind):
    return BEATS.labels(kind)._value.get()
