"""What the life of a session costs: so many statements a step, and not one more."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions_app.interviews.services import recalculate_session_stats
from tests.interviews.factories import ANSWER, AttemptFactory, SessionFactory, make_bank

pytestmark = pytest.mark.django_db

# The first of each is the token. Since a test holds a transaction of its own, a step that writes
# has a savepoint and its release here, where a request has BEGIN and COMMIT.
MOST = {
    "create": 8,
    "next": 5,
    "first attempt": 16,
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
