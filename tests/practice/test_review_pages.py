"""The pages of what was handed in: the review, tries and their feedback, the history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluation.models import Evaluation
from practice.models import Submission
from practice.selectors.boards import drawing_for
from practice.services.completion import complete_session
from practice.services.sessions import start_session
from practice.services.submissions import submit_answer
from practice.services.whiteboards import save_whiteboard
from tests.practice.factories import (
    ANSWER,
    BOARD,
    NOW,
    address_of,
    answered,
    give_verdict,
    make_set,
    question_ids,
)


def test_the_review_shows_feedback_board_samples_and_exports(page, owner, session):
    first = question_ids(session)[0]
    save_whiteboard(user=owner, session_id=session.pk, scene=BOARD, base_version=0, now=NOW)
    for overall in (5.0, 6.5):
        at = {"session_id": session.pk, "question_id": first}
        drawing = drawing_for(owner, **at)
        submission = submit_answer(user=owner, **at, answer_text=ANSWER, drawing=drawing, now=NOW)
        give_verdict(submission.evaluation_id, overall=overall)
    complete_session(user=owner, session_id=session.pk, now=NOW)

    body = page.get(f"/practice/sessions/{session.pk}/review").content.decode()

    assert "6.5" in body
    assert "It keeps things in three copies" in body
    assert '<svg class="board-svg"' in body and "API &lt;b&gt;" in body
    assert "leads nowhere" in body
    detail = page.get(f"/practice/sessions/{session.pk}/review/questions/1").content.decode()
    assert detail.count("data-try=") == 2
    assert detail.count('<svg class="board-svg"') == 1 and "same board as with try 2" in detail
    assert page.get(f"/practice/sessions/{session.pk}/export?format=json").status_code == 200
    assert page.get(address_of(session))["Location"].endswith("/review#question-1")
    assert page.get(f"/practice/sessions/{session.pk}")["Location"].endswith("/review")


def test_history_lists_and_filters(page, owner, session):
    assert "Your finished sets will stand here" in page.get("/history").content.decode()
    complete_session(user=owner, session_id=session.pk, now=NOW)

    assert session.question_main.title in page.get("/history").content.decode()
    assert "Nothing matches" in page.get("/history?search=zzz").content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [("failed", "Try again"), ("withheld", "The text of try 1"), ("queued", "The text of try 1")],
)
def test_feedback_that_did_not_come_is_no_number_and_the_answer_is_kept(
    page, owner, session, status, words
):
    submission = answered(session)
    Evaluation.objects.filter(pk=submission.evaluation_id).update(
        status=status, withheld_reason="too_little_to_score" if status == "withheld" else ""
    )

    body = page.get(address_of(session)).content.decode()

    assert words in body
    assert "score-number" not in body
    assert "repairs it from the others" in body
    progress = page.get(f"/api/v1/practice-main/{session.pk}").json()["progress"]
    assert (progress[0]["has_submission"], progress[0]["score"]) == (True, None)


def test_failed_feedback_can_be_asked_for_again_at_no_cost(api, owner, session):
    submission = answered(session)
    Evaluation.objects.filter(pk=submission.evaluation_id).update(status="failed")

    reply = api.post(f"/api/v1/evaluations/{submission.evaluation_id}/retry")

    assert reply.status_code == 202
    assert reply.json()["status"] == "queued"
    assert Submission.objects.count() == 1


def test_a_try_whose_evaluation_is_gone_still_shows_its_text(page, owner, session):
    answered(session)
    Evaluation.objects.all().delete()
    complete_session(user=owner, session_id=session.pk, now=NOW)

    body = page.get(f"/practice/sessions/{session.pk}/review").content.decode()

    assert "not kept any more" in body and "repairs it from the others" in body
    assert page.get(f"/practice/sessions/{session.pk}/export").status_code == 200


def test_what_a_try_changed_can_be_asked_for_alone(page, owner, session):
    for levels in (
        {"Replication": "met", "Repair": "missed"},
        {"Replication": "met", "Repair": "met"},
    ):
        tried = answered(session)
        give_verdict(tried.evaluation_id, **levels)

    first, second, none = (
        page.get(f"{address_of(session)}/tries/{number}/change") for number in (1, 2, 9)
    )

    assert "Newly covered:" in second.content.decode() and "Repair" in second.content.decode()
    assert "<html" not in second.content.decode()
    assert first.content.strip() == none.content.strip() == b""


def test_the_review_leads_on_to_another_set_never_to_the_same(page, owner, session):
    tried = answered(session)
    give_verdict(tried.evaluation_id, overall=2.0)  # the weakest of all would be this one
    complete_session(user=owner, session_id=session.pk, now=NOW)
    review = f"/practice/sessions/{session.pk}/review"
    own = f'href="/practice/{session.question_main.slug}"'

    alone = page.get(review).content.decode()
    other = make_set(title="Design a queue")
    offered = page.get(review).content.decode()

    assert own not in alone and own not in offered
    assert 'href="/practice">Practice another' in alone
    assert f'href="/practice/{other.slug}">Practice another: Design a queue' in offered


def test_history_shows_the_trend_of_each_set_in_words(page, owner):
    row = make_set()
    for overall, day in ((4.0, 0), (6.5, 1)):
        session, _ = start_session(user=owner, question_main_id=row.pk, now=NOW)
        tried = answered(session)
        give_verdict(tried.evaluation_id, overall=overall)
        complete_session(user=owner, session_id=session.pk, now=NOW + timedelta(days=day))

    body = page.get("/history").content.decode()

    assert "+2.5" in body and body.count('class="sparkline"') == 2
    assert page.get("/history?difficulty=hard").content.decode().count('class="sparkline"') == 0
    assert page.get(f"/history?category={row.category}").content.decode().count("sparkline") >= 2
