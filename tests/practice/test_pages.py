"""The pages, as a browser without JavaScript sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluation.models import Evaluation
from practice.models import DraftRevision, PracticeMain, PracticeMainHistory, Submission
from practice.services.completion import complete_session
from practice.services.drafts import save_draft
from practice.services.sessions import start_session
from practice.services.submissions import submit_answer
from practice.services.whiteboards import save_whiteboard
from tests.practice.factories import NOW, give_verdict, make_session, make_set, question_ids
from tests.practice.test_submit_answer import ANSWER

BOARD = {
    "elements": [
        {"id": "a", "type": "rectangle", "x": 0, "y": 0, "width": 90, "height": 50},
        {"id": "t", "type": "text", "containerId": "a", "text": "API <b>", "x": 20, "y": 20},
        {"id": "r", "type": "arrow", "x": 90, "y": 25, "points": [[0, 0], [200, 0]]},
    ]
}


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def session(owner):
    return make_session(owner)


def where(session, order=1):
    return f"/practice/sessions/{session.pk}/questions/{order}"


def answered(owner, session):
    """A try at the first question."""
    return submit_answer(
        user=owner,
        session_id=session.pk,
        question_id=question_ids(session)[0],
        answer_text=ANSWER,
        now=NOW,
    )


def test_the_library_lists_sets_and_filters_by_address(page):
    make_set(title="Design a queue", category="messaging", difficulty="hard")
    make_set(title="Design a cache", category="storage", difficulty="easy")

    whole = page.get("/practice").content.decode()
    only = page.get("/practice?search=queue&difficulty=hard").content.decode()

    assert "Design a queue" in whole and "Design a cache" in whole
    assert "Design a queue" in only and "Design a cache" not in only
    assert "No set matches" in page.get("/practice?state=done").content.decode()
    assert page.get("/practice?difficulty=absurd&length=x").status_code == 200


def test_the_library_answers_htmx_with_the_cards_only(page):
    make_set(title="Design a queue")

    part = page.get("/practice", headers={"HX-Request": "true"}).content.decode()

    assert "Design a queue" in part and "<html" not in part


def test_start_leads_to_the_first_question_and_again_to_the_same_session(page):
    row = make_set()

    first = page.post(f"/practice/{row.slug}/start", follow=True)
    again = page.post(f"/practice/{row.slug}/start", follow=True)

    session = PracticeMain.objects.get()
    assert first.redirect_chain[-1][0] == again.redirect_chain[-1][0] == where(session)
    assert "Question 1" in first.content.decode()
    assert "Continue" in page.get(f"/practice/{row.slug}").content.decode()


def test_the_workspace_shows_dots_prompt_answer_and_next(page, owner, session):
    save_draft(
        user=owner,
        session_id=session.pk,
        question_id=question_ids(session)[0],
        answer_text="\nMy words",
        base_version=0,
        now=NOW,
    )

    body = page.get(where(session)).content.decode()

    assert body.count('class="dot"') == 3
    assert body.count('aria-current="step"') == 1
    assert "Question 1: Question 1, not submitted yet, current" in body
    assert ">\n\nMy words</textarea>" in body
    assert "Next Question" in body and "Complete and Review" not in body
    last = page.get(where(session, 3)).content.decode()
    assert "Complete and Review" in last and "Next Question" not in last


def test_next_without_javascript_saves_and_moves(page, session):
    reply = page.post(
        f"{where(session)}/save", {"answer_text": "one\r\ntwo", "base_version": "0", "go": "2"}
    )

    assert reply["Location"] == where(session, 2)
    assert session.practices.get(order=1).answer_text == "one\ntwo"


def test_get_feedback_without_javascript_submits_once_for_a_double_click(page, session):
    form = {"answer_text": ANSWER, "base_version": "0", "tries": "0"}

    replies = [page.post(f"{where(session)}/feedback", form) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [302, 302]
    assert Submission.objects.count() == 1
    assert 'data-try="1"' in page.get(where(session)).content.decode()


def test_get_feedback_by_htmx_returns_the_list_and_tells_the_new_version(page, session):
    reply = page.post(
        f"{where(session)}/feedback",
        {"answer_text": ANSWER, "base_version": "0", "tries": "0"},
        headers={"HX-Request": "true"},
    )

    assert reply.status_code == 200
    assert '"version": 1' in reply["HX-Trigger"]
    assert 'data-try="1"' in reply.content.decode()


def test_a_blank_answer_is_refused_in_words(page, session):
    reply = page.post(f"{where(session)}/feedback", {"answer_text": "  ", "base_version": "0"})

    assert reply.status_code == 400
    assert "Write an answer first" in reply.content.decode()


def test_complete_and_review_saves_the_answer_on_the_page_first(page, session):
    reply = page.post(
        f"/practice/sessions/{session.pk}/complete",
        {"answer_text": "last words", "base_version": "0", "order": "3"},
        follow=True,
    )

    assert reply.redirect_chain[-1][0] == f"/practice/sessions/{session.pk}/review"
    history = PracticeMainHistory.objects.get()
    assert history.practices.get(order=3).answer_text == "last words"
    assert "last words" in reply.content.decode()
    assert "0 of 3 questions answered" in reply.content.decode()


def test_the_review_shows_feedback_board_samples_and_exports(page, owner, session):
    first = question_ids(session)[0]
    save_whiteboard(user=owner, session_id=session.pk, scene=BOARD, base_version=0, now=NOW)
    for overall in (5.0, 6.5):
        submission = submit_answer(
            user=owner, session_id=session.pk, question_id=first, answer_text=ANSWER, now=NOW
        )
        give_verdict(submission.evaluation_id, overall=overall)
    complete_session(user=owner, session_id=session.pk, now=NOW)

    body = page.get(f"/practice/sessions/{session.pk}/review").content.decode()

    assert "6.5" in body
    assert "It keeps things in three copies" in body
    assert '<svg class="board-svg"' in body and "API &lt;b&gt;" in body
    assert "leads nowhere" in body
    detail = page.get(f"/practice/sessions/{session.pk}/review/questions/1").content.decode()
    assert detail.count("data-try=") == 2
    assert page.get(f"/practice/sessions/{session.pk}/export?format=json").status_code == 200
    assert page.get(where(session))["Location"].endswith("/review#question-1")
    assert page.get(f"/practice/sessions/{session.pk}")["Location"].endswith("/review")


def test_history_lists_and_filters(page, owner, session):
    assert "Your finished sets will stand here" in page.get("/history").content.decode()
    complete_session(user=owner, session_id=session.pk, now=NOW)

    assert session.question_main.title in page.get("/history").content.decode()
    assert "Nothing matches" in page.get("/history?search=zzz").content.decode()


def test_earlier_versions_can_be_brought_back(page, owner, session):
    first = question_ids(session)[0]
    for base, text in enumerate(["older words", "newer words"]):
        save_draft(
            user=owner,
            session_id=session.pk,
            question_id=first,
            answer_text=text,
            base_version=base,
            now=NOW,
        )
    revision = DraftRevision.objects.get()

    assert "older words" in page.get(f"{where(session)}/revisions").content.decode()
    page.post(f"{where(session)}/revisions/{revision.pk}/restore")

    assert session.practices.get(order=1).answer_text == "older words"


@pytest.mark.parametrize(
    "path",
    ["", "/questions/1", "/questions/1/revisions", "/review", "/export", "/review/questions/1"],
)
def test_a_stranger_finds_nothing(client, stranger, session, path):
    client.force_login(stranger)

    assert client.get(f"/practice/sessions/{session.pk}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/practice", "/history", "/practice/sessions/1/questions/1"])
def test_without_sign_in_pages_lead_to_it(client, db, path):
    reply = client.get(path)

    assert reply.status_code == 302
    assert "login" in reply["Location"]


@pytest.mark.parametrize("order", [0, 4, 99])
def test_a_question_that_is_not_there_is_404(page, session, order):
    assert page.get(where(session, order)).status_code == 404


def test_over_the_limit_the_page_says_so(page):
    rows = [make_set() for _ in range(4)]
    for row in rows[:3]:
        page.post(f"/practice/{row.slug}/start")

    reply = page.post(f"/practice/{rows[3].slug}/start")

    assert reply.status_code == 429
    assert "of today" in reply.content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [("failed", "Try again"), ("withheld", "The text of try 1"), ("queued", "The text of try 1")],
)
def test_feedback_that_did_not_come_is_no_number_and_the_answer_is_kept(
    page, owner, session, status, words
):
    submission = answered(owner, session)
    Evaluation.objects.filter(pk=submission.evaluation_id).update(
        status=status, withheld_reason="too_little_to_score" if status == "withheld" else ""
    )

    body = page.get(where(session)).content.decode()

    assert words in body
    assert "score-number" not in body
    assert "repairs it from the others" in body
    progress = page.get(f"/api/v1/practice-main/{session.pk}").json()["progress"]
    assert (progress[0]["has_submission"], progress[0]["score"]) == (True, None)


def test_failed_feedback_can_be_asked_for_again_at_no_cost(api, owner, session):
    submission = answered(owner, session)
    Evaluation.objects.filter(pk=submission.evaluation_id).update(status="failed")

    reply = api.post(f"/api/v1/evaluations/{submission.evaluation_id}/retry")

    assert reply.status_code == 202
    assert reply.json()["status"] == "queued"
    assert Submission.objects.count() == 1


def test_a_try_whose_evaluation_is_gone_still_shows_its_text(page, owner, session):
    answered(owner, session)
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
        tried = answered(owner, session)
        give_verdict(tried.evaluation_id, **levels)

    first, second, none = (
        page.get(f"{where(session)}/tries/{number}/change") for number in (1, 2, 9)
    )

    assert "Newly covered:" in second.content.decode() and "Repair" in second.content.decode()
    assert "<html" not in second.content.decode()
    assert first.content.strip() == none.content.strip() == b""


def test_the_review_leads_on_to_another_set_never_to_the_same(page, owner, session):
    tried = answered(owner, session)
    give_verdict(tried.evaluation_id, overall=2.0)  # the weakest of all would be this one
    complete_session(user=owner, session_id=session.pk, now=NOW)
    review = f"/practice/sessions/{session.pk}/review"
    own = f'href="/practice/{session.question_main.slug}"'

    alone = page.get(review).content.decode()
    other = make_set(title="Design a queue")
    offered = page.get(review).content.decode()

    assert own not in alone and own not in offered
    assert 'href="/practice">Practise another' in alone
    assert f'href="/practice/{other.slug}">Practise another: Design a queue' in offered


def test_history_shows_the_trend_of_each_set_in_words(page, owner):
    row = make_set()
    for overall, day in ((4.0, 0), (6.5, 1)):
        session, _ = start_session(user=owner, question_main_id=row.pk, now=NOW)
        tried = answered(owner, session)
        give_verdict(tried.evaluation_id, overall=overall)
        complete_session(user=owner, session_id=session.pk, now=NOW + timedelta(days=day))

    body = page.get("/history").content.decode()

    assert "+2.5" in body and body.count('class="sparkline"') == 2
    assert page.get("/history?difficulty=hard").content.decode().count('class="sparkline"') == 0
    assert page.get(f"/history?category={row.category}").content.decode().count("sparkline") >= 2
