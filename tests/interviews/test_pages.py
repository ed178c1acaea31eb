"""The pages without scripts: every form works as a plain form."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from sessions_app.interviews.models import Attempt, PracticeSession
from tests.interviews.factories import (
    ANSWER,
    AttemptFactory,
    QuestionFactory,
    SessionFactory,
    make_bank,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def session(owner, question):
    return SessionFactory(user=owner)


def text_of(response) -> str:
    return response.content.decode()


def test_all_pages_ask_for_a_sign_in(client, session):
    for name, args in [("start", []), ("history", []), ("room", [session.pk])]:
        reply = client.get(reverse(f"interviews:{name}", args=args))
        assert reply.status_code == 302
        assert "login" in reply["Location"]


def test_the_start_page_says_what_happens_and_by_which_rule(learner):
    make_bank(per_category=1)

    page = text_of(learner.get("/interviews"))

    assert "Questions you have never answered come first." in page
    assert "3 of 3 starts left today." in page
    for words in ("Product strategy", "Rapid fire", "Mock interview", "60 min"):
        assert words in page


def test_without_a_bank_the_start_page_says_so(learner):
    assert "No interview questions yet" in text_of(learner.get("/interviews"))


def test_starting_twice_with_the_same_form_gives_one_session(learner, question):
    form = {"session_id": str(uuid.uuid4()), "category": "product_design", "mode": "timed"}
    replies = [learner.post("/interviews", form | {"minutes": "20"}) for _ in range(2)]

    session = PracticeSession.objects.get()
    assert {reply["Location"] for reply in replies} == {f"/interviews/{session.pk}"}
    assert (session.mode, session.timer_minutes) == ("timed", 20)


def test_a_timed_start_without_minutes_is_told_and_keeps_the_choice(learner, question):
    reply = learner.post("/interviews", {"category": "product_design", "mode": "timed"})

    assert reply.status_code == 400
    assert "A timed session needs its minutes: 1 to 60." in text_of(reply)
    assert not PracticeSession.objects.exists()


def test_the_limit_is_told_on_a_page(learner, question):
    for _ in range(3):
        learner.post("/interviews", {"mode": "standard"})

    reply = learner.post("/interviews", {"mode": "standard"})

    assert reply.status_code == 429
    assert reply["Retry-After"]
    page = text_of(learner.get("/interviews"))
    assert "3 starts are used" in page
    assert "disabled>Start interview" in page


def test_the_room_shows_the_question_the_hint_and_the_reason(learner, session, question):
    page = text_of(learner.get(f"/interviews/{session.pk}"))

    for words in (question.title, question.prompt, "Name the users", "Why this question?"):
        assert words in page
    assert "Travellers in a hurry" not in page  # key points would give the answer away


def test_the_room_is_never_kept_by_the_browser(learner, session):
    assert "no-store" in learner.get(f"/interviews/{session.pk}")["Cache-Control"]


def test_an_answer_by_plain_form_is_rated_then_shown(learner, session, question):
    reply = learner.post(
        f"/interviews/{session.pk}/questions/{question.pk}/answer", {"answer_text": f" {ANSWER} "}
    )
    attempt = Attempt.objects.get()
    assert attempt.answer_text == f" {ANSWER} "
    asked = text_of(learner.get(reply["Location"]))
    assert "How well did that go?" in asked

    rated = learner.post(f"{reply['Location']}/rate", {"rating": "4"})
    shown = text_of(learner.get(rated["Location"]))

    attempt.refresh_from_db()
    assert attempt.self_rating == 4
    assert "4 of 5" in shown
    assert "How well did that go?" not in shown


def test_a_short_answer_comes_back_with_its_words_and_the_reason(learner, session, question):
    reply = learner.post(
        f"/interviews/{session.pk}/questions/{question.pk}/answer", {"answer_text": "Too short"}
    )

    assert reply.status_code == 400
    assert "That is 9 characters; an answer has at least 50." in text_of(reply)
    assert "Too short</textarea>" in text_of(reply)


def test_another_question_puts_this_one_off(learner, owner):
    bank = make_bank(per_category=2)
    session = SessionFactory(user=owner, category_filter="metrics")
    mine = [q for q in bank if q.question_main.category == "metrics"]
    path = f"/interviews/{session.pk}"

    learner.post(f"{path}/questions/{mine[0].pk}/skip")
    session.refresh_from_db()

    assert session.skipped == [mine[0].pk]
    assert f'data-question="{mine[1].pk}"' in text_of(learner.get(path))


def test_a_mock_hides_everything_until_its_end(learner, owner, question):
    session = SessionFactory(user=owner, mode="mock", plan=[question.pk])
    attempt = AttemptFactory(session=session, question=question, overall_score=8.4, self_rating=3)
    page = text_of(learner.get(f"/interviews/{session.pk}/answers/{attempt.pk}"))

    assert "the result waits for its end" in page
    assert "8.4 of 10" not in page
    assert (
        learner.get(f"/interviews/{session.pk}/summary")["Location"] == f"/interviews/{session.pk}"
    )
    assert "Nothing left to ask" in text_of(learner.get(f"/interviews/{session.pk}"))


def test_rapid_fire_goes_on_to_the_next_question(learner, owner, question):
    session = SessionFactory(user=owner, mode="rapid_fire")
    attempt = AttemptFactory(session=session, question=question)

    reply = learner.post(f"/interviews/{session.pk}/answers/{attempt.pk}/rate", {"rating": "2"})

    assert reply["Location"] == f"/interviews/{session.pk}"


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


def test_ending_without_scripts_asks_first(learner, session):
    page = text_of(learner.get(f"/interviews/{session.pk}?leave="))

    assert 'aria-labelledby="end-dialog-title" open' in page
    assert f'action="/interviews/{session.pk}/end"' in page


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


def test_nobody_sees_anothers_pages(client, stranger, session, question):
    client.force_login(stranger)
    attempt = AttemptFactory(session=session, question=question)
    for path in ("", "/summary", f"/answers/{attempt.pk}"):
        assert client.get(f"/interviews/{session.pk}{path}").status_code == 404
    for path in ("/end", "/log", f"/answers/{attempt.pk}/rate", f"/questions/{question.pk}/skip"):
        assert client.post(f"/interviews/{session.pk}{path}").status_code == 404


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


def test_a_question_of_another_kind_can_be_opened_by_its_id(learner, session):
    other = QuestionFactory(question_main__kind="design", question_main__category="storage")

    assert learner.get(f"/interviews/{session.pk}?question={other.pk}").status_code == 200
    assert learner.get(f"/interviews/{session.pk}?question=999999").status_code == 404
