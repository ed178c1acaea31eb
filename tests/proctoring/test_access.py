"""Who reaches what: no candidate reads or moves another's test, staff lists are staff's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from common import clock
from sessions_app.assessments.api.authentication import COOKIE
from sessions_app.assessments.services.coding_bank import load_coding_bank
from sessions_app.assessments.tokens import sign_token
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.services.demo import ensure_demo_candidate
from tests.assessments.clients import bearer
from tests.assessments.factories import token_for
from tests.proctoring.factories import SessionFactory

VERBS = ("heartbeat", "activity", "progress", "complete", "abandon")
STAFF_LISTS = ("active", "abandoned", "analytics")


def every_call(client, candidate_id):
    """All requests about one test that a client can make."""
    base = f"/api/test-session/{candidate_id}"
    yield client.get(base)
    yield client.get(f"{base}/questions")
    yield client.post(f"{base}/events", {"events": []})
    yield client.post(f"{base}/abandon")
    for verb in VERBS:
        yield client.put(f"{base}/{verb}", {})


@pytest.fixture
def other(db):
    return SessionFactory().candidate


def assert_untouched(candidate):
    session = ProctoredSession.objects.get(candidate=candidate)
    assert session.status == "active" and session.events.count() == 0


def test_anonymous_is_401_everywhere(db, other):
    client = APIClient()
    replies = [
        *every_call(client, other.pk),
        client.post("/api/test-session", {"candidate_id": str(other.pk)}),
        client.post("/api/candidates", {}),
        *(client.get(f"/api/test-session/{name}") for name in STAFF_LISTS),
    ]
    for reply in replies:
        assert reply.status_code == 401
        assert reply["WWW-Authenticate"].startswith("Bearer")
        assert reply.json()["success"] is False
    assert_untouched(other)


def test_another_candidates_token_is_404_and_400_in_a_body(api, other):
    assert {reply.status_code for reply in every_call(api, other.pk)} == {404}
    reply = api.post("/api/test-session", {"candidate_id": str(other.pk)})
    assert (reply.status_code, "candidate_id" in reply.json()["fields"]) == (400, True)
    assert_untouched(other)


def test_another_candidates_cookie_is_404(candidate, other):
    client = APIClient(headers={"Origin": "http://testserver"})
    client.cookies[COOKIE] = token_for(candidate)
    assert {reply.status_code for reply in every_call(client, other.pk)} == {404}
    assert_untouched(other)


def test_a_learner_is_404(learner_api, other):
    assert {reply.status_code for reply in every_call(learner_api, other.pk)} == {404}
    reply = learner_api.post("/api/test-session", {"candidate_id": str(other.pk)})
    assert reply.status_code == 400
    assert_untouched(other)


def test_staff_lists_and_invitations_are_staffs(api, learner_api, staff_api, powerless_api):
    for client, status in (
        (api, 403),
        (learner_api, 403),
        (powerless_api, 403),
        (staff_api, 200),
    ):
        for name in STAFF_LISTS:
            assert client.get(f"/api/test-session/{name}").status_code == status
    for client in (api, learner_api):
        body = {"name": "Ana", "email": "ana@example.com"}
        assert client.post("/api/candidates", body).status_code == 403


def test_unknown_and_malformed_ids_are_404(staff_api, api):
    for wrong in (uuid4(), "no-uuid", "1", "x" * 36):
        answers = {reply.status_code for reply in every_call(staff_api, wrong)}
        assert answers == {403, 404}, wrong  # 403: what only the candidate may send
        assert {reply.status_code for reply in every_call(api, wrong)} == {404}, wrong


def test_bad_ids_in_a_body_are_400(staff_api):
    for wrong in (str(uuid4()), "no-uuid", None, 5, "", ["x"]):
        reply = staff_api.post("/api/test-session", {"candidate_id": wrong})
        assert reply.status_code == 400, wrong
        assert "candidate_id" in reply.json()["fields"]
    assert staff_api.post("/api/test-session", {}).status_code == 400


def test_a_tampered_expired_or_withdrawn_token_is_401(candidate, other):
    good = token_for(candidate)
    old = sign_token(candidate_id=candidate.pk, version=1, now=clock.now() - timedelta(days=15))
    body, signature = good.split(".")
    foreign = token_for(other).split(".")[0]
    bad = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        f"{foreign}.{signature}",
        f"{body}x.{signature}",
        "ct_",
        "ct_.",
        "ct_nonsense",
        "ct_" + "ü",
        old,
        "not-a-token-at-all",
    ]
    for token in bad:
        client = bearer(token)
        for reply in every_call(client, candidate.pk):
            assert reply.status_code == 401, token
    assert bearer(good).get(f"/api/test-session/{candidate.pk}").status_code == 404

    candidate.token_version += 1
    candidate.save()
    assert bearer(good).get(f"/api/test-session/{candidate.pk}").status_code == 401


def test_a_candidates_token_opens_nothing_else(api):
    for path in ("/api/auth/me", "/api/v1/skills", "/api/sessions", "/api/v1/practice-logs"):
        assert api.get(path).status_code in (401, 404), path


def test_questions_come_after_the_start_and_without_what_is_hidden(db):
    load_coding_bank()
    person = ensure_demo_candidate()
    client = bearer(token_for(person))
    path = f"/api/test-session/{person.pk}/questions"
    assert client.get(path).status_code == 409

    client.post("/api/test-session", {"candidate_id": str(person.pk)})
    reply = client.get(path)
    assert [s["key"] for s in reply.json()["sections"]] == ["warm-up", "main-part", "challenge"]
    question = reply.json()["sections"][0]["questions"][0]
    assert question["sample_test_cases"] and question["boiler_plate"]["python"]
    assert "test_cases" not in question and "solution" not in question
    assert b'"test_cases"' not in reply.content and b"solution" not in reply.content


def test_without_an_assessment_the_bank_is_asked_once_for_all(api, candidate, url):
    load_coding_bank()
    api.post("/api/test-session", {"candidate_id": str(candidate.pk)})
    (section,) = api.get(url("questions")).json()["sections"]
    assert [q["difficulty"] for q in section["questions"]] == ["easy", "medium", "hard"]


def test_reports_are_taken_and_bounded(api, url, candidate):
    SessionFactory(candidate=candidate)
    now = clock.iso(clock.now())
    events = [
        {"type": "tab_hidden", "at": now},
        {"type": "paste", "detail": {"characters": 240}},
        {"type": "window_blur", "at": "2001-01-01T00:00:00Z"},
    ]
    reply = api.post(url("events"), {"events": events})
    assert (reply.status_code, reply.json()["accepted"]) == (202, 3)
    assert reply.json()["success"] is True

    session = ProctoredSession.objects.get()
    kept = list(session.events.order_by("at"))
    assert [event.type for event in kept] == ["window_blur", "tab_hidden", "paste"]
    assert kept[0].at == session.test_start_time
    assert session.status == "active"

    for wrong in (
        {"events": [{"type": "x"}] * 51},
        {"events": [{}]},
        {"events": {}},
        {},
        {"events": [{"type": "x", "detail": "y" * 3000}]},
        {"events": [{"type": "x" * 41}]},
    ):
        assert api.post(url("events"), wrong).status_code == 400
