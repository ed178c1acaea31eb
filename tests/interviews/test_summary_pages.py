"""What the pages show afterwards: summary, history, and the console of staff."""

from __future__ import annotations

import pytest

from sessions_app.interviews.models import Attempt
from sessions_app.interviews.selectors import trends
from sessions_app.interviews.selectors.summary import summary_of
from tests.interviews.factories import (
    ANSWER,
    AttemptFactory,
    SessionFactory,
    text_of,
)

pytestmark = pytest.mark.django_db


def test_the_summary_says_what_has_no_score_and_shows_unsent_words(learner, session, question):
    AttemptFactory(session=session, question=question, overall_score=6.0, self_rating=5)
    AttemptFactory(session=session, question=question, unscored="limit", late_by_sec=65)
    session.drafts.create(question=question, answer_text="Never handed in", version=1)
    learner.post(f"/interviews/{session.pk}/end")

    page = text_of(learner.get(f"/interviews/{session.pk}/summary"))

    assert "The average counts 1 of 2 answers." in page
    assert "1 kept without feedback" in page
    assert "1 min 5 s late" in page
    assert "Never handed in" in page
    assert "higher than the result" in page


def test_the_numbers_of_the_summary(session, question):
    answered = {"session": session, "question": question}
    AttemptFactory(**answered, overall_score=6.25, structure_score=2.5, self_rating=5)
    AttemptFactory(**answered, overall_score=7.0, late_by_sec=0)
    AttemptFactory(**answered, overall_score=8.08, late_by_sec=1, self_rating=4)

    summary = summary_of(session)

    structure = next(bar for bar in summary.averages if bar.name == "Structure")
    assert (structure.value, structure.width) == (2.5, 25.0)
    assert (summary.scored, summary.late, summary.self_rating) == (3, 1, 4.5)


@pytest.mark.parametrize(
    ("structure", "framework", "weakest"),
    [
        (7.9, 9.0, "Structure"),
        (8.0, 9.0, ""),
        (7.0, 6.0, "Framework"),
        (6.0, 6.0, "Framework and Structure"),
        (None, 5.0, "Framework"),
    ],
)
def test_the_next_step_names_the_weakest_part_below_eight(
    session, question, structure, framework, weakest
):
    AttemptFactory(
        session=session,
        question=question,
        overall_score=6.0,
        completeness_score=8.0,
        structure_score=structure,
        framework_score=framework,
    )

    assert summary_of(session).next_step.dimension == weakest


def test_a_trend_runs_from_one_edge_of_its_box_to_the_other(owner, question):
    for day in range(3):
        session = SessionFactory(user=owner, ended=True)
        AttemptFactory(session=session, question=question, overall_score=5.0 + day)

    attempts = list(Attempt.objects.order_by("created_at"))
    trend = trends._trend("Overall", attempts, lambda attempt: attempt.overall_score)

    assert [point.x for point in trend.points] == [
        trends.PAD,
        trends.WIDTH / 2,
        trends.WIDTH - trends.PAD,
    ]


def test_what_came_after_the_end_can_be_found_in_the_summary(learner, session, question):
    learner.post(f"/interviews/{session.pk}/end")
    reply = learner.post(
        f"/interviews/{session.pk}/questions/{question.pk}/answer",
        {"answer_text": "Too late, but these words are kept for whoever wrote them."},
    )
    page = text_of(learner.get(f"/interviews/{session.pk}/summary"))

    assert reply.status_code == 409
    assert "Too late, but these words are kept" in page
    assert "came after the end" in page


def test_an_ended_room_leads_to_its_summary(learner, owner, question):
    session = SessionFactory(user=owner, ended=True)

    assert learner.get(f"/interviews/{session.pk}")["Location"].endswith("/summary")


def test_the_history_draws_trends_and_lists_sessions(learner, owner, question):
    for _ in range(2):
        session = SessionFactory(user=owner, ended=True, questions_count=1, avg_score=6.0)
        attempt = AttemptFactory(session=session, question=question, overall_score=6.0)
        attempt.evaluation = succeeded_evaluation(owner)
        attempt.save()

    page = text_of(learner.get("/interviews/history"))

    assert "So far you have results in product design only." in page
    assert "steady over 2 sessions" in page
    assert page.count('/summary"') == 2


def test_an_empty_history_invites(learner):
    assert "Your interviews will stand here" in text_of(learner.get("/interviews/history"))


def test_the_lists_cost_the_same_with_many_sessions(
    learner, owner, question, django_assert_max_num_queries
):
    for _ in range(12):
        AttemptFactory(session=SessionFactory(user=owner, ended=True), question=question)
        SessionFactory(user=owner)

    with django_assert_max_num_queries(25):
        learner.get("/interviews")
    with django_assert_max_num_queries(20):
        learner.get("/interviews/history")


def test_staff_find_sessions_in_the_admin(client, staff, session, question):
    AttemptFactory(session=session, question=question)
    client.force_login(staff)

    assert client.get("/admin/sessions_app/practicesession/").status_code == 200
    assert (
        client.get(f"/admin/sessions_app/practicesession/{session.pk}/change/").status_code == 200
    )
    reply = client.post(
        "/admin/sessions_app/practicesession/",
        {"action": "end_sessions", "_selected_action": [str(session.pk)]},
    )
    session.refresh_from_db()
    assert reply.status_code == 302
    assert session.ended_by == "staff"


def succeeded_evaluation(owner):
    from common import clock
    from evaluation.models import Evaluation

    return Evaluation.objects.create(
        owner=owner,
        kind="interview_attempt",
        status="succeeded",
        band="partial",
        overall_score=6.0,
        question_key="x",
        input={"answer": ANSWER, "rubric": {"prompt": "x"}, "diagram": None},
        created_at=clock.now(),
    )
