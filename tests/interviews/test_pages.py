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
    text_of,
)

pytestmark = pytest.mark.django_db


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


def test_ending_without_scripts_asks_first(learner, session):
    page = text_of(learner.get(f"/interviews/{session.pk}?leave="))

    assert 'aria-labelledby="end-dialog-title" open' in page
    assert f'action="/interviews/{session.pk}/end"' in page


def test_nobody_sees_anothers_pages(client, stranger, session, question):
    client.force_login(stranger)
    attempt = AttemptFactory(session=session, question=question)
    for path in ("", "/summary", f"/answers/{attempt.pk}"):
        assert client.get(f"/interviews/{session.pk}{path}").status_code == 404
    for path in ("/end", "/log", f"/answers/{attempt.pk}/rate", f"/questions/{question.pk}/skip"):
        assert client.post(f"/interviews/{session.pk}{path}").status_code == 404


def test_a_question_of_another_kind_can_be_opened_by_its_id(learner, session):
    other = QuestionFactory(question_main__kind="design", question_main__category="storage")

    assert learner.get(f"/interviews/{session.pk}?question={other.pk}").status_code == 200
    assert learner.get(f"/interviews/{session.pk}?question=999999").status_code == 404
