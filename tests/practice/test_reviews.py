"""The review, the exports and the history of completed sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluation.models import Evaluation
from practice.selectors.history import history_of, history_rows
from practice.selectors.progress import progress_of
from practice.selectors.review import review_of
from practice.selectors.scores import best_of
from practice.selectors.standing import standing_of
from practice.services.completion import complete_session
from practice.services.sessions import start_session
from practice.services.submissions import submit_answer
from tests.practice.factories import (
    ANSWER,
    NOW,
    answered,
    give_verdict,
    make_session,
    make_set,
    make_worked_session,
    question_ids,
)


@pytest.fixture
def session(owner):
    return make_worked_session(owner)


@pytest.fixture
def url(session):
    return f"/api/v1/practice-main/{session.pk}"


def complete(client, url):
    return client.patch(url, {"status": "completed"}, format="json")


def test_review_before_completion_is_409(api, url):
    reply = api.get(f"{url}/review")

    assert (reply.status_code, reply.json()["code"]) == (409, "not_completed")


def test_the_review_holds_everything(api, session, url):
    complete(api, url)

    body = api.get(f"{url}/review").json()

    summary = body["summary"]
    assert (summary["questions"], summary["answered"], summary["tries"]) == (3, 1, 2)
    assert [q["order"] for q in summary["unanswered"]] == [2, 3]
    first, second, _ = body["questions"]
    assert [s["number"] for s in first["submissions"]] == [2, 1]
    assert first["submissions"][0]["evaluation"]["key_points"]
    assert first["submissions"][0]["evaluation"]["overall_score"] == first["score"]
    assert summary["average_score"] == first["score"]
    assert second["unsent_draft"] == "Only a draft"
    assert body["sample_writeup"].startswith("# The thing")
    assert first["sample_answer"]


def test_a_worse_last_try_lowers_no_number_anywhere(api, owner, session, url):
    first = question_ids(session)[0]
    for overall in (8.8, 3.1):
        text = f"{ANSWER} In version {overall} I add a sentence."
        sent = submit_answer(
            user=owner, session_id=session.pk, question_id=first, answer_text=text, now=NOW
        )
        give_verdict(sent.evaluation_id, overall=overall)

    assert [dot.score for dot in progress_of(session).dots] == [8.8, None, None]
    complete(api, url)

    body = api.get(f"{url}/review").json()
    assert (body["questions"][0]["score"], body["summary"]["average_score"]) == (8.8, 8.8)
    row = api.get("/api/v1/practice-history").json()["results"][0]
    assert row["average_score"] == 8.8
    assert [score.average for score in standing_of(owner).done.values()] == [8.8]


@pytest.mark.parametrize(
    ("tries", "best"),
    [
        ([], None),
        ([None], None),
        ([(3.0, "local"), None, (2.0, "local")], (3.0, "local")),
        ([(9.0, "claude"), (2.0, "local"), (1.0, "local")], (2.0, "local")),
    ],
)
def test_the_best_try_counts_of_those_by_the_provider_that_scored_last(tries, best):
    assert best_of(tries) == best


def test_the_change_between_two_scored_tries_is_told(api, owner, session, url):
    first = question_ids(session)[0]
    submission = submit_answer(
        user=owner,
        session_id=session.pk,
        question_id=first,
        now=NOW,
        answer_text=ANSWER.replace(
            "A background process", "Nothing else is done at all, and no one"
        ),
    )
    give_verdict(submission.evaluation_id, overall=7.0, Replication="partial", Repair="met")
    complete(api, url)

    newest = api.get(f"{url}/review").json()["questions"][0]["submissions"][0]

    assert newest["change"]["since_number"] == 2
    assert (newest["change"]["gained"], newest["change"]["lost"]) == (["Repair"], ["Replication"])
    assert newest["change"]["scores"]["overall_score"] == 0.6
    assert newest["change"]["scores"]["framework_score"] is None


def test_points_that_stayed_as_they_were_are_neither_gained_nor_lost(owner):
    session = make_session(owner)
    same = {"Replication": "met", "Placement": "partial", "Scrubbing": "missed"}
    give_verdict(answered(session).evaluation_id, **same, Repair="missed")
    give_verdict(answered(session).evaluation_id, **same, Repair="partial")

    change = review_of(session).questions[0].latest.change

    assert (change.gained, change.lost) == (("Repair",), ())
    assert change.sentence == "Compared with try 1: +1 point covered"


def test_samples_are_shown_only_after_completion(api, session, url):
    detail = f"/api/v1/question-mains/{session.question_main_id}"
    hidden = api.get(detail).json()
    assert hidden["sample_writeup"] is None
    assert [q["sample_answer"] for q in hidden["questions"]] == [None, None, None]

    complete(api, url)

    shown = api.get(detail).json()
    assert shown["sample_writeup"]
    assert all(q["sample_answer"] for q in shown["questions"])


@pytest.mark.parametrize(
    ("wanted", "kind"), [("md", "text/markdown"), ("json", "application/json")]
)
def test_exports_hold_the_answer_and_the_feedback(api, url, wanted, kind):
    complete(api, url)

    reply = api.get(f"{url}/export?format={wanted}", headers={"Accept": "text/csv"})

    assert reply.status_code == 200
    assert reply["Content-Type"].startswith(kind)
    assert "attachment" in reply["Content-Disposition"]
    text = reply.content.decode()
    assert "repairs it from the others" in text
    assert "Only a draft" in text
    assert "three copies" in text


def test_an_unknown_export_format_is_400(api, url):
    assert api.get(f"{url}/export?format=pdf").status_code == 400


def test_history_lists_completed_sessions_newest_first(api, owner, session, url):
    complete(api, url)
    other = make_session(owner)
    complete(api, f"/api/v1/practice-main/{other.pk}")

    body = api.get("/api/v1/practice-history").json()

    assert [row["practice_main_id"] for row in body["results"]] == [other.pk, session.pk]
    row = body["results"][1]
    assert (row["answered"], row["questions"], row["status"]) == (1, 3, "completed")
    assert row["average_score"] is not None
    assert body["results"][0]["average_score"] is None
    page = api.get("/api/v1/practice-history?page_size=1").json()
    assert page["next"]
    assert api.get(page["next"]).json()["results"][0]["practice_main_id"] == session.pk
    assert api.get("/api/v1/practice-history?page_size=0").status_code == 400
    only = api.get(f"/api/v1/practice-history?question_main_id={session.question_main_id}").json()
    assert len(only["results"]) == 1
    assert api.get("/api/v1/practice-history?search=nothing-like-it").json()["results"] == []


def test_the_wording_that_was_answered_stays(api, session, url):
    question = session.practices.first().question
    old = question.prompt
    question.prompt = "A new wording"
    question.save()
    complete(api, url)

    assert api.get(f"{url}/review").json()["questions"][0]["prompt"] == old


def test_numbers_of_different_providers_are_never_mixed(api, owner, session, url):
    second = question_ids(session)[1]
    submission = submit_answer(
        user=owner, session_id=session.pk, question_id=second, answer_text=ANSWER, now=NOW
    )
    give_verdict(submission.evaluation_id, overall=9.0)
    Evaluation.objects.filter(pk=submission.evaluation_id).update(provider="claude")
    complete(api, url)

    summary = api.get(f"{url}/review").json()["summary"]

    assert (summary["scored"], summary["average_score"]) == (2, None)
    assert api.get("/api/v1/practice-history").json()["results"][0]["average_score"] is None


def test_the_trend_of_a_set_holds_one_provider(owner):
    row = make_set(1, title="Again")
    for n, provider in enumerate(["local", "claude", "local"]):
        at = NOW + timedelta(days=n)
        one, _ = start_session(user=owner, question_main_id=row.pk, now=at)
        submission = submit_answer(
            user=owner,
            session_id=one.pk,
            question_id=question_ids(one)[0],
            answer_text=ANSWER,
            now=at,
        )
        give_verdict(submission.evaluation_id, overall=5.0 + n)
        Evaluation.objects.filter(pk=submission.evaluation_id).update(provider=provider)
        complete_session(user=owner, session_id=one.pk, now=at)

    rows = history_rows(list(history_of(owner)), with_trend=True)

    assert [[point.average for point in r.trend] for r in rows] == [[5.0, 7.0], [6.0], [5.0]]
