"""24 answers at once with an end in between: the numbers agree with the rows."""

from __future__ import annotations

import uuid

import pytest

from sessions_app.interviews.models import Attempt, PracticeSession
from sessions_app.interviews.services.attempts import copy_verdict
from tests.factories import UserFactory
from tests.interviews.factories import ANSWER, QuestionFactory
from tests.threads import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_24_parallel_attempts_with_verdicts_and_an_end_in_between(api_for):
    client = api_for(UserFactory(plan="premium"))
    question = QuestionFactory()
    path = f"/api/sessions/{client.post('/api/sessions', {}).json()['id']}"
    body = {"question_id": question.pk, "answer_text": ANSWER}
    judged = [judged_attempt(client, path, body, score) for score in (2.0, 3.5, 7.1, 9.4)]
    calls = [lambda: client.post(f"{path}/attempts", body)] * 24
    calls.insert(12, lambda: client.post(f"{path}/end"))
    calls += [lambda e=e: copy_verdict_committed(e) for e in judged]

    replies = run_together(calls)

    ended = replies.pop(12)
    codes = [reply.status_code for reply in replies[:24]]
    session = PracticeSession.objects.get()
    assert ended.status_code == 200
    assert set(codes) <= {201, 409}
    assert session.questions_count == 4 + codes.count(201) == Attempt.objects.count()
    assert session.avg_score == 5.5
    # Nobody came in after the end had counted.
    assert ended.json()["questions_count"] == session.questions_count
    twice = [client.post(f"{path}/end").json() for _ in range(2)]
    assert twice[0] == twice[1] == ended.json() | {"avg_score": 5.5}
    assert client.post(f"{path}/attempts", body).status_code == 409


def test_parallel_verdicts_leave_the_right_average(api_for):
    client = api_for(UserFactory(plan="premium"))
    question = QuestionFactory()
    path = f"/api/sessions/{client.post('/api/sessions', {}).json()['id']}"
    body = {"question_id": question.pk, "answer_text": ANSWER}
    scores = [round(place * 0.7, 1) for place in range(12)]
    evaluations = [judged_attempt(client, path, body, score) for score in scores]

    run_together([lambda e=e: copy_verdict_committed(e) for e in evaluations])

    session = PracticeSession.objects.get()
    assert session.avg_score == round(sum(scores) / 12, 2)


def judged_attempt(client, path, body, score):
    """An attempt whose verdict has come, and waits to be copied."""
    told = client.post(f"{path}/attempts", body).json()
    evaluation = Attempt.objects.get(pk=told["id"]).evaluation
    evaluation.status, evaluation.overall_score = "succeeded", score
    return evaluation


def copy_verdict_committed(evaluation):
    from django.db import transaction

    with transaction.atomic():
        copy_verdict(evaluation)


def test_parallel_starts_under_one_id_make_one_session(api_for):
    client = api_for(UserFactory())
    body = {"id": str(uuid.uuid4())}

    replies = run_together([lambda: client.post("/api/sessions", body)] * 12)

    codes = sorted(reply.status_code for reply in replies)
    assert codes == [200] * 11 + [201]
    assert PracticeSession.objects.count() == 1


def test_twenty_parallel_starts_of_a_free_learner_give_three(api_for):
    client = api_for(UserFactory())

    replies = run_together([lambda: client.post("/api/sessions", {})] * 20)

    codes = sorted(reply.status_code for reply in replies)
    assert codes == [201] * 3 + [429] * 17
    assert PracticeSession.objects.count() == 3
