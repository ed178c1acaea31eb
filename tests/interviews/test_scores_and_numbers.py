"""Verdicts reach their attempt, and the session's numbers agree with its rows."""

from __future__ import annotations

import pytest

from evaluation import subjects
from evaluation.models import Evaluation
from sessions_app.interviews.models import Attempt, PracticeSession
from sessions_app.interviews.services import recalculate_session_stats
from sessions_app.interviews.services.attempts import KIND, copy_verdict
from tests.interviews.factories import ANSWER, AttemptFactory, SessionFactory

pytestmark = pytest.mark.django_db


def answer(api, path, answered):
    told = api.post(f"{path}/attempts", answered).json()
    return told["id"], Evaluation.objects.get(pk=told["evaluation"]["evaluation_id"])


def finish(evaluation, **values):
    """Store an outcome as the evaluation's worker does, and tell the subject."""
    for name, value in values.items():
        setattr(evaluation, name, value)
    evaluation.save()
    subjects.tell(evaluation)


def succeed(evaluation, overall):
    finish(
        evaluation,
        status="succeeded",
        band="partial",
        overall_score=overall,
        framework_score=5.0,
        structure_score=None,
        completeness_score=7.5,
        strengths=["Names the users.", "Measures success."],
        improvements=["Name a trade-off."],
        suggested_framework="CIRCLES",
        example_point="For example …",
    )


def test_interviews_are_told_about_their_verdicts():
    assert KIND == "interview_attempt"
    assert KIND in subjects.kinds()


def test_a_verdict_is_copied_to_its_attempt_and_into_the_average(api, answered):
    path = f"/api/sessions/{api.post('/api/sessions', {}).json()['id']}"
    for overall in (5.8, 7.3, 6.1):
        _, evaluation = answer(api, path, answered)
        succeed(evaluation, overall)
    _, withheld = answer(api, path, answered)
    finish(withheld, status="withheld", withheld_reason="not_running_prose")

    told = api.get(f"{path}/attempts").json()
    session = api.get(path).json()

    assert [row["overall_score"] for row in told] == [5.8, 7.3, 6.1, None]
    assert told[0]["framework_score"] == 5.0
    assert told[0]["structure_score"] is None
    assert told[0]["completeness_score"] == 7.5
    assert told[0]["strengths"] == "Names the users.\nMeasures success."
    assert told[0]["suggested_framework"] == "CIRCLES"
    assert told[3]["evaluation"]["status"] == "withheld"
    assert session["questions_count"] == 4
    assert session["avg_score"] == 6.4
    assert '"overall_score": 5.8' in Attempt.objects.order_by("pk")[0].raw_eval_json


def test_the_average_has_two_decimals(api, answered):
    path = f"/api/sessions/{api.post('/api/sessions', {}).json()['id']}"
    for overall in (5.0, 5.0, 6.0):
        succeed(answer(api, path, answered)[1], overall)

    assert api.get(path).json()["avg_score"] == 5.33


def test_a_score_may_come_after_the_end_while_end_and_count_stay(api, answered):
    path = f"/api/sessions/{api.post('/api/sessions', {}).json()['id']}"
    _, evaluation = answer(api, path, answered)
    ended = api.post(f"{path}/end").json()
    succeed(evaluation, 6.5)

    later = api.get(path).json()

    assert (ended["avg_score"], later["avg_score"]) == (None, 6.5)
    assert later["ended_at"] == ended["ended_at"]
    assert later["questions_count"] == 1


def test_a_mock_shows_null_scores_until_its_end(api, question, answered):
    path = f"/api/sessions/{api.post('/api/sessions', {'mode': 'mock'}).json()['id']}"
    _, evaluation = answer(api, path, answered)
    succeed(evaluation, 6.5)

    hidden = api.get(f"{path}/attempts").json()[0]
    assert hidden["overall_score"] is hidden["framework_score"] is hidden["strengths"] is None
    assert api.get(path).json()["avg_score"] is None
    hidden = api.get(f"/api/v1/evaluations/{evaluation.pk}").json()
    assert (hidden["status"], hidden["overall_score"], hidden["strengths"]) == (
        "succeeded",
        None,
        [],
    )

    assert api.post(f"{path}/end").json()["avg_score"] == 6.5
    assert api.get(f"{path}/attempts").json()[0]["overall_score"] == 6.5
    assert api.get(f"/api/v1/evaluations/{evaluation.pk}").json()["overall_score"] == 6.5


def test_the_feedback_page_of_a_running_mock_waits_for_its_end(api, client, owner, answered):
    path = f"/api/sessions/{api.post('/api/sessions', {'mode': 'mock'}).json()['id']}"
    _, evaluation = answer(api, path, answered)
    succeed(evaluation, 6.5)
    client.force_login(owner)

    for page in (f"/evaluations/{evaluation.pk}", f"/evaluations/{evaluation.pk}/fragment"):
        assert client.get(page).status_code == 409
    api.post(f"{path}/end")
    assert client.get(f"/evaluations/{evaluation.pk}").status_code == 200


def test_attempts_after_the_end_are_409_and_their_text_is_kept(api, question, answered):
    path = f"/api/sessions/{api.post('/api/sessions', {}).json()['id']}"
    api.post(f"{path}/end")

    for _ in range(2):
        reply = api.post(f"{path}/attempts", answered)
        assert reply.status_code == 409
        assert reply.json()["code"] == "session_ended"

    assert api.get(path).json()["questions_count"] == 0
    kept = api.get(f"{path}/questions/{question.pk}/draft/revisions").json()["results"]
    assert [(row["answer_text"], row["late"]) for row in kept] == [(ANSWER, True)]


def test_wrong_numbers_are_rebuilt_from_the_rows():
    session = SessionFactory(questions_count=9, avg_score=1.0)
    for score in (4.0, None, 7.0):
        AttemptFactory(session=session, overall_score=score)

    recalculate_session_stats(session.pk)

    session.refresh_from_db()
    assert (session.questions_count, session.avg_score) == (3, 5.5)


def test_a_verdict_of_a_vanished_attempt_is_no_error(owner):
    evaluation = Evaluation(owner=owner, kind=KIND, pk=1)

    copy_verdict(evaluation)

    assert not PracticeSession.objects.exists()


def test_self_rating_comes_with_the_answer_or_later(api, answered):
    path = f"/api/sessions/{api.post('/api/sessions', {}).json()['id']}/attempts"
    first = api.post(path, answered | {"self_rating": 4}).json()
    second = api.post(path, answered).json()

    assert first["self_rating"] == 4
    assert api.patch(f"{path}/{second['id']}", {"self_rating": 2}).json()["self_rating"] == 2
    assert api.patch(f"{path}/{second['id']}", {"self_rating": 6}).status_code == 400
