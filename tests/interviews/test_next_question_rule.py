"""The rule of the next question, as the page states it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from common import clock
from sessions_app.interviews.rules import Candidate, choose_next, choose_planned, plan_mock
from tests.interviews.factories import AttemptFactory, SessionFactory, make_bank

T0 = datetime(2026, 1, 1, tzinfo=UTC)


def days(count: int) -> datetime:
    return T0 + timedelta(days=count)


def test_what_was_never_answered_comes_first():
    bank = [Candidate(1, "metrics", days(1)), Candidate(2, "metrics")]

    choice = choose_next(bank, averages={"metrics": 9.0})

    assert (choice.question_id, choice.code) == (2, "unseen")


def test_then_the_weakest_category_and_in_it_the_longest_unpracticed():
    bank = [
        Candidate(1, "metrics", days(1)),
        Candidate(2, "technical", days(9)),
        Candidate(3, "technical", days(5)),
    ]

    choice = choose_next(bank, averages={"metrics": 8.0, "technical": 4.0})

    assert (choice.question_id, choice.code) == (3, "weakest")
    assert "4.0" in choice.reason


def test_a_category_without_a_result_counts_as_weakest():
    bank = [Candidate(1, "metrics", days(1)), Candidate(2, "technical", days(9))]

    choice = choose_next(bank, averages={"metrics": 1.0})

    assert (choice.question_id, choice.code) == (2, "no_result")


def test_never_the_same_twice_unless_asked():
    bank = [Candidate(1, "metrics", days(2)), Candidate(2, "metrics", days(1))]

    assert choose_next(bank, averages={}, answered={1}).question_id == 2
    assert choose_next(bank, averages={}, answered={1, 2}).code == "all_answered"
    assert choose_next(bank, averages={}, answered={1, 2}).question_id is None
    again = choose_next(bank, averages={}, answered={1, 2}, again=True)
    assert (again.question_id, again.code) == (2, "again")


def test_what_was_put_off_waits_until_nothing_else_is_left():
    bank = [Candidate(n, "metrics") for n in (1, 2, 3)]

    assert choose_next(bank, averages={}, skipped=[1, 2]).question_id == 3
    last = choose_next(bank, averages={}, skipped=[2, 1], answered={3})
    assert (last.question_id, last.code) == (2, "skipped")


def test_the_same_session_gets_the_same_question_and_sessions_differ():
    bank = [Candidate(n, "metrics") for n in range(20)]
    chosen = {seed: choose_next(bank, averages={}, seed=seed).question_id for seed in "abcdefgh"}

    assert chosen["a"] == choose_next(bank, averages={}, seed="a").question_id
    assert len(set(chosen.values())) > 1


def test_a_mock_takes_four_questions_from_different_categories():
    bank = [Candidate(n, f"c{n % 5}") for n in range(25)]
    plan = plan_mock(bank, averages={}, seed="s")

    assert len(plan) == len({n % 5 for n in plan}) == 4
    assert choose_planned(plan, answered=plan[:1]).question_id == plan[1]
    assert choose_planned(plan, answered=plan[:1], skipped=[plan[1]]).question_id == plan[2]
    assert choose_planned(plan, answered=plan).code == "all_answered"


def test_a_mock_of_a_small_bank_is_short_and_of_none_empty():
    assert len(plan_mock([Candidate(1, "a"), Candidate(2, "a")], averages={}, seed="")) == 2
    assert plan_mock([], averages={}, seed="") == []
    assert choose_planned([], answered=[]).code == "bank_empty"


@pytest.mark.django_db
def test_the_api_walks_through_a_category_without_repeating(api, owner):
    bank = make_bank(per_category=3)
    session = SessionFactory(user=owner, category_filter="metrics")
    path = f"/api/sessions/{session.pk}/next-question"
    asked = []
    for _ in range(3):
        body = api.get(path).json()
        assert body == api.get(path).json()
        assert set(body["question"]) == {"question_id", "title", "prompt", "category", "framework"}
        assert body["question"]["category"] == "metrics"
        asked.append(body["question"]["question_id"])
        AttemptFactory(
            session=session,
            question_id=asked[-1],
            question=None,
            question_title="x",
            question_prompt="x",
        )

    done = api.get(path).json()
    assert sorted(asked) == [q.pk for q in bank if q.question_main.category == "metrics"]
    assert (done["question"], done["reason_code"]) == (None, "all_answered")
    assert api.get(f"{path}?again=true").json()["question"]["question_id"] == asked[0]


@pytest.mark.django_db
def test_with_all_seen_the_weakest_category_returns_with_its_oldest_question(api, owner):
    bank = make_bank(per_category=2)
    before = SessionFactory(user=owner, ended=True)
    for place, question in enumerate(bank):
        score = 3.0 if question.question_main.category == "technical" else 7.0
        AttemptFactory(
            session=before, question=question, overall_score=score, created_at=days(-place)
        )
    technical = [q.pk for q in bank if q.question_main.category == "technical"]
    hidden = SessionFactory(user=owner, mode="mock")
    AttemptFactory(session=hidden, question=bank[0], overall_score=0.0, created_at=days(-99))

    body = api.post("/api/sessions", {}).json()
    told = api.get(f"/api/sessions/{body['id']}/next-question").json()

    assert told["question"]["question_id"] == technical[-1]
    assert told["reason_code"] == "weakest"
    assert told["reason"].startswith("Your average in this category is 3.0")


@pytest.mark.django_db
def test_a_category_whose_questions_were_all_retired_has_none_and_says_so(api, owner):
    bank = make_bank(per_category=1)
    session = SessionFactory(user=owner, category_filter="metrics")
    for question in bank:
        if question.question_main.category == "metrics":
            question.retired_at = clock.now()
            question.save()

    told = api.get(f"/api/sessions/{session.pk}/next-question")

    assert told.status_code == 200
    assert told.json()["question"] is None
    assert told.json()["reason"] == "There are no questions in this category yet."


@pytest.mark.django_db
def test_an_ended_session_asks_nothing_more(api, owner):
    session = SessionFactory(user=owner, ended=True)

    assert api.get(f"/api/sessions/{session.pk}/next-question").status_code == 409


@pytest.mark.django_db
def test_a_mock_asks_its_fixed_questions_in_order(api, owner):
    make_bank()
    session = api.post("/api/sessions", {"mode": "mock"}).json()
    body = api.get(f"/api/sessions/{session['id']}/next-question").json()

    assert body["reason"] == "Question 1 of 4."
    assert api.get(f"/api/sessions/{session['id']}/next-question").json() == body
