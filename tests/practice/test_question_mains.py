"""The bank over HTTP: sets for practice, questions for interviews."""

from __future__ import annotations

import pytest

from tests.practice.factories import NOW, QuestionFactory, make_set

SETS, QUESTIONS = "/api/v1/question-mains", "/api/v1/questions"


def titles(reply):
    return [row["title"] for row in reply.json()["results"]]


def test_sets_in_use_are_listed_newest_first_with_filters(api):
    make_set(
        title="Design a queue", category="messaging", difficulty="hard", summary="Order matters"
    )
    make_set(title="Design a cache", category="storage")
    make_set(title="Old", retired_at=NOW)
    make_set(title="Interview", interview=True)

    assert titles(api.get(SETS)) == ["Design a cache", "Design a queue"]
    assert titles(api.get(f"{SETS}?category=messaging")) == ["Design a queue"]
    assert titles(api.get(f"{SETS}?difficulty=hard")) == ["Design a queue"]
    assert titles(api.get(f"{SETS}?search=ORDER queue")) == ["Design a queue"]
    assert titles(api.get(f"{SETS}?search=nothing")) == []
    row = api.get(f"{SETS}?search=queue").json()["results"][0]
    assert set(row) == {
        "question_main_id",
        "id",
        "slug",
        "title",
        "kind",
        "category",
        "difficulty",
        "minutes",
        "summary",
    }


def test_sets_come_in_pages(api):
    for n in range(3):
        make_set(title=f"Set {n}")

    first = api.get(f"{SETS}?page_size=2").json()

    assert len(first["results"]) == 2
    assert titles(api.get(first["next"])) == ["Set 0"]
    assert api.get(first["next"]).json()["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        "difficulty=absurd",
        "page_size=0",
        "page_size=201",
        "page_size=x",
        "cursor=x",
        f"search={'x' * 201}",
    ],
)
def test_a_bad_filter_is_400(api, query):
    reply = api.get(f"{SETS}?{query}")

    assert reply.status_code == 400
    assert reply.json()["fields"]


def test_a_set_shows_its_questions_in_order_without_samples(api):
    row = make_set(3)
    row.questions.filter(order=2).update(retired_at=NOW)

    body = api.get(f"{SETS}/{row.pk}").json()

    assert body["question_main_id"] == row.pk
    assert [q["order"] for q in body["questions"]] == [1, 3]
    question = body["questions"][0]
    assert {"question_id", "order", "title", "prompt", "framework"} <= set(question)
    assert question["framework"]["steps"] == [{"title": "State the load", "hint": "Numbers first"}]
    assert (body["sample_writeup"], question["sample_answer"]) == (None, None)
    assert "key_points" not in question


@pytest.mark.parametrize("pk", ["0", "999999", "abc", "1" * 30])
def test_an_unknown_set_is_404_in_our_shape(api, pk):
    reply = api.get(f"{SETS}/{pk}")

    assert reply.status_code == 404
    assert set(reply.json()) == {"error", "code", "fields"}


def test_retired_and_interview_sets_have_no_page(api):
    assert api.get(f"{SETS}/{make_set(retired_at=NOW).pk}").status_code == 404
    assert api.get(f"{SETS}/{make_set(interview=True).pk}").status_code == 404


def test_questions_are_those_of_interview_sets_by_category(api):
    metrics = make_set(2, interview=True)
    other = make_set(0, interview=True, category="estimation")
    QuestionFactory(question_main=other, title="How many pianos")
    make_set(2)

    rows = api.get(QUESTIONS).json()["results"]

    assert len(rows) == 3
    assert {"question_id", "title", "prompt", "category", "framework"} <= set(rows[0])
    assert {row["category"] for row in rows} == {"metrics", "estimation"}
    only = api.get(f"{QUESTIONS}?category=estimation")
    assert titles(only) == ["How many pianos"]
    assert api.get(f"{QUESTIONS}?category=none").json()["results"] == []
    assert {row["question_main_id"] for row in rows} == {metrics.pk, other.pk}


@pytest.mark.parametrize("path", [SETS, QUESTIONS, "/api/v1/practice-history"])
def test_the_bank_needs_a_sign_in(anonymous_api, db, path):
    assert anonymous_api.get(path).status_code == 401
