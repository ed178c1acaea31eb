"""A candidate's cookie: set by the link alone, and good for nothing that came from elsewhere."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts.services.tokens import issue_token
from sessions_app.assessments.api.authentication import COOKIE
from sessions_app.proctoring.models import ProctoredSession
from tests.assessments.clients import bearer
from tests.assessments.factories import token_for
from tests.factories import UserFactory

VERBS = ("heartbeat", "activity", "progress", "complete", "abandon")


@pytest.fixture
def visitor(candidate):
    """A browser that came through the invitation link."""
    client = APIClient(enforce_csrf_checks=True)
    reply = client.get(f"/t/{token_for(candidate)}")
    assert (reply.status_code, reply["Location"]) == (302, "/test")
    return client


def test_the_link_sets_a_careful_cookie_and_starts_nothing(visitor, candidate):
    cookie = visitor.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert not ProctoredSession.objects.exists()


def test_a_bad_link_is_a_page_that_says_so(db, client):
    reply = client.get("/t/ct_nonsense.x")
    assert reply.status_code == 401
    assert b"not valid" in reply.content


def test_the_cookie_needs_the_same_origin_for_everything_unsafe(visitor, candidate):
    def start(**headers):
        body = {"candidate_id": str(candidate.pk)}
        return visitor.post("/api/test-session", body, headers=headers).status_code

    assert start() == 403
    assert start(Origin="https://elsewhere.example") == 403
    assert start(Origin="null") == 403
    assert start(**{"Sec-Fetch-Site": "cross-site"}) == 403
    assert start(**{"Sec-Fetch-Site": "same-site"}) == 403
    assert start(**{"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "same-origin"}) == 403
    assert not ProctoredSession.objects.exists()
    assert start(Origin="http://testserver") == 201
    assert start(**{"Sec-Fetch-Site": "same-origin"}) == 200
    assert visitor.get(f"/api/test-session/{candidate.pk}").status_code == 200

    base = f"/api/test-session/{candidate.pk}"
    for verb in VERBS:
        assert visitor.put(f"{base}/{verb}", {}).status_code == 403, verb
    assert visitor.post(f"{base}/abandon").status_code == 403
    beacon = visitor.post(f"{base}/abandon", headers={"Origin": "http://testserver"})
    assert beacon.json()["status"] == "abandoned"


def test_a_csrf_token_will_do_as_well(visitor, candidate):
    visitor.get("/accounts/login/")
    token = visitor.cookies["csrftoken"].value
    reply = visitor.post(
        "/api/test-session", {"candidate_id": str(candidate.pk)}, headers={"X-CSRFToken": token}
    )
    assert reply.status_code == 201


def test_a_stale_cookie_does_not_stand_in_a_staff_members_way(candidate):
    client = bearer(issue_token(user=UserFactory(admin=True), name="t")[1])
    client.cookies[COOKIE] = "ct_stale.cookie"
    assert client.get("/api/test-session/active").status_code == 200
