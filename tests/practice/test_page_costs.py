"""How many statements the two busiest pages take, however much a learner has practiced. The first
visit of each test warms what is kept (the SQL of prepared reads is written, which reads nothing)."""

from datetime import timedelta

import pytest

from practice.services.completion import complete_session
from practice.services.submissions import submit_answer
from tests.factories import UserFactory
from tests.practice.factories import ANSWER, NOW, give_verdict, make_session, question_ids

SIGNED_IN = 2  # the session and the person


@pytest.fixture
def owner(db, client):
    owner = UserFactory(plan="premium")
    client.force_login(owner)
    return owner


def answer(owner, session, *, order=1, minutes=0):
    submission = submit_answer(
        user=owner,
        session_id=session.pk,
        question_id=question_ids(session)[order - 1],
        answer_text=f"{ANSWER} {minutes}",
        now=NOW + timedelta(minutes=minutes),
    )
    give_verdict(submission.evaluation_id)


def test_the_library_takes_the_same_for_one_session_and_for_many(
    client, owner, django_assert_max_num_queries
):
    for _ in range(5):
        session = make_session(owner)
        answer(owner, session)
        answer(owner, session, order=2)
        complete_session(user=owner, session_id=session.pk, now=NOW)
        answer(owner, make_session(owner))

        # The sets, where the learner stands in them, the days behind the flame.
        with django_assert_max_num_queries(SIGNED_IN + 3):
            assert "best score" in client.get("/practice").content.decode()
    with django_assert_max_num_queries(SIGNED_IN + 4):
        client.get("/practice?search=thing&state=done")


def test_the_workspace_takes_the_same_for_one_try_and_for_many(
    client, owner, django_assert_max_num_queries
):
    session = make_session(owner)
    page = f"/practice/sessions/{session.pk}/questions/1"

    # The session, its questions with their numbers, this question, its tries, and for the flame.
    with django_assert_max_num_queries(SIGNED_IN + 5):
        client.get(page)
    for number in range(1, 5):
        answer(owner, session, minutes=number)
        answer(owner, session, order=2, minutes=number)

        # And what was said about all tries at the question at once.
        with django_assert_max_num_queries(SIGNED_IN + 6):
            assert f"Feedback on try {number}" in client.get(page).content.decode()


def test_a_try_before_in_another_session_is_one_more(client, owner, django_assert_max_num_queries):
    first, second = (make_session(owner) for _ in range(2))
    answer(owner, first)
    for number in range(1, 3):
        answer(owner, second, minutes=number)

        with django_assert_max_num_queries(SIGNED_IN + 7):
            page = client.get(f"/practice/sessions/{second.pk}/questions/1").content.decode()
        assert page.count("Compared with the try before") == number
