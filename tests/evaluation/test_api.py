"""GET, retry and cancel over HTTP."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from common import clock
from evaluation.models import SCORES, Evaluation
from evaluation.services.running import run_evaluation
from tests.evaluation.factories import make_evaluation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api(owner):
    client = APIClient()
    client.force_authenticate(owner)
    return client


def path(evaluation: Evaluation, action: str = "") -> str:
    return f"/api/v1/evaluations/{evaluation.pk}{action}"


def test_anonymous_401_stranger_404_malformed_404(owner, api):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    assert APIClient().get(path(evaluation)).status_code == 401
    stranger = APIClient()
    stranger.force_authenticate(UserFactory())
    for method in ("get", "post"):
        action = "" if method == "get" else "/retry"
        reply = getattr(stranger, method)(path(evaluation, action))
        assert reply.status_code == 404 and reply.json()["code"] == "not_found"
    assert api.get("/api/v1/evaluations/none").status_code == 404
    assert api.get(f"/api/v1/evaluations/{10**30}").status_code == 404


def test_a_queued_evaluation_shows_no_number(owner, api):
    body = api.get(path(make_evaluation(owner=owner, now=clock.now()))).json()
    assert body["status"] == "queued" and body["evaluation_id"] == body["id"]
    assert [body[name] for name in (*SCORES, "band")] == [None] * 5


def test_a_scored_one_shows_everything_the_contract_lists(owner, api):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    run_evaluation(evaluation_id=evaluation.pk)
    body = api.get(path(evaluation)).json()
    assert body["status"] == "succeeded" and body["provider"] == "local"
    assert all(0 <= body[name] <= 10 for name in SCORES)
    assert body["framework_score"] == 10 and body["structure_score"] == 10
    assert body["key_points"][0]["level"] == "met"
    assert set(body["key_points"][0]["quotes"][0]) == {"text", "start", "end"}
    assert "does not check whether statements are true" in body["statement"]
    assert body["strengths"] and body["suggested_framework"] == "Scope, load, design"


def test_retry_is_202_from_failed_and_cancelled_and_409_from_any_other(owner, api):
    for status in Evaluation.Status.values:
        evaluation = make_evaluation(owner=owner, now=clock.now())
        held = {"claim": "0" * 32, "claimed_until": clock.now()} if status == "running" else {}
        Evaluation.objects.filter(pk=evaluation.pk).update(status=status, **held)
        reply = api.post(path(evaluation, "/retry"))
        if status in {"failed", "cancelled"}:
            assert reply.status_code == 202 and reply.json()["status"] == "queued"
        else:
            assert reply.status_code == 409 and reply.json()["code"] == "not_retryable"


def test_a_repeated_retry_with_one_key_is_one_retry(owner, api):
    evaluation = make_evaluation(owner=owner, now=clock.now(), status="failed")
    first = api.post(path(evaluation, "/retry"), headers={"Idempotency-Key": "again"})
    second = api.post(path(evaluation, "/retry"), headers={"Idempotency-Key": "again"})
    assert first.status_code == second.status_code == 202
    assert second["Idempotency-Replayed"] == "true"


def test_retry_may_ask_for_the_local_check_only(owner, api):
    evaluation = make_evaluation(owner=owner, now=clock.now(), status="failed", provider="claude")
    assert api.post(path(evaluation, "/retry"), {"provider": "x"}).status_code == 400
    reply = api.post(path(evaluation, "/retry"), {"provider": "local"})
    assert reply.status_code == 202 and reply.json()["provider"] == "local"


def test_cancel_is_200_while_open_and_409_afterwards(owner, api):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    assert api.post(path(evaluation, "/cancel")).json()["status"] == "cancelled"
    assert api.post(path(evaluation, "/cancel")).status_code == 409
