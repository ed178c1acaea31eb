"""What the life of a session costs: so many statements a step, and not one more."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.serializers import ModelSerializer

from sessions_app.interviews.api.serializers import (
    AttemptOutput,
    InterviewSessionOutput,
    QuestionOutput,
)
from sessions_app.interviews.models import Attempt, PracticeSession
from sessions_app.interviews.services import recalculate_session_stats
from tests.interviews.factories import ANSWER, AttemptFactory, SessionFactory, make_bank

pytestmark = pytest.mark.django_db

# The first of each is the token. Since a test holds a transaction of its own, a step that writes
# has a savepoint and its release here, where a request has BEGIN and COMMIT.
MOST = {
    "create": 8,
    "next": 5,
    "first attempt": 15,
    "attempt": 14,
    "list": 3,
    "read": 2,
    "end": 10,
}


def test_each_step_keeps_to_its_statements(api):
    first, second = make_bank(2)[:2]
    key = str(uuid.uuid4())
    path = f"/api/sessions/{key}"
    warm_up(api, first)

    counted = {
        "create": count(lambda: api.post("/api/sessions", {"id": key, "category_filter": first.question_main.category}), 201),
        "next": count(lambda: api.get(f"{path}/next-question")),
        "first attempt": count(lambda: answer(api, path, first), 201),
        "attempt": count(lambda: answer(api, path, second), 201),
        "list": count(lambda: api.get(f"{path}/attempts")),
        "read": count(lambda: api.get(path)),
        "end": count(lambda: api.post(f"{path}/end")),
    }  # fmt: skip

    assert {step: n for step, n in counted.items() if n > MOST[step]} == {}


def test_a_long_session_costs_no_more_than_a_short_one(api, owner):
    session = SessionFactory(user=owner)
    AttemptFactory.create_batch(12, session=session)
    recalculate_session_stats(session.pk)
    path = f"/api/sessions/{session.pk}"

    assert count(lambda: api.get(f"{path}/attempts")) <= MOST["list"]
    assert count(lambda: api.get(f"{path}/next-question"), 200) <= MOST["next"]
    assert count(lambda: api.post(f"{path}/end")) <= MOST["end"]


def warm_up(api, question):
    """Books of the day exist, as for everyone but the first of a morning."""
    key = api.post("/api/sessions", {}).json()["id"]
    answer(api, f"/api/sessions/{key}", question)


def answer(api, path, question):
    body = {"question_id": question.pk, "answer_text": ANSWER}
    return api.post(f"{path}/attempts", body)


def count(call, status=200) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == status
    return len(captured)


@pytest.mark.parametrize("mode", ["standard", "mock"])
def test_what_is_written_by_hand_has_the_fields_of_the_schema(owner, mode):
    session = SessionFactory(user=owner, mode=mode, avg_score=4.5)
    attempt = AttemptFactory(session=session, overall_score=4.5, strengths="Clear.")
    pairs = [
        (InterviewSessionOutput, PracticeSession.objects.get()),
        (AttemptOutput, Attempt.objects.get()),
        (QuestionOutput, attempt.question),
    ]

    for kind, row in pairs:
        by_hand, by_fields = kind(row).data, ModelSerializer.to_representation(kind(row), row)
        assert list(by_hand) == list(by_fields)
        hidden = {n for n in by_hand if by_hand[n] is None and by_fields[n] not in (None, "")}
        same = {n: v for n, v in by_fields.items() if n not in hidden and v != ""}
        assert {n: by_hand[n] for n in same} == same
        assert not hidden or mode == "mock"
