"""The pages, as a browser without JavaScript sees them."""

from __future__ import annotations

import pytest

from practice.models import DraftRevision, PracticeMain, PracticeMainHistory, Submission
from practice.services.drafts import save_draft
from tests.practice.factories import ANSWER, NOW, address_of, make_set, question_ids


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
    assert first.redirect_chain[-1][0] == again.redirect_chain[-1][0] == address_of(session)
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

    body = page.get(address_of(session)).content.decode()

    assert body.count('class="dot"') == 3
    assert body.count('aria-current="step"') == 1
    assert "Question 1: Question 1, not submitted yet, current" in body
    assert ">\n\nMy words</textarea>" in body
    assert "Next Question" in body and "Complete and Review" not in body
    last = page.get(address_of(session, 3)).content.decode()
    assert "Complete and Review" in last and "Next Question" not in last


def test_next_without_javascript_saves_and_moves(page, session):
    reply = page.post(
        f"{address_of(session)}/save", {"answer_text": "one\r\ntwo", "base_version": "0", "go": "2"}
    )

    assert reply["Location"] == address_of(session, 2)
    assert session.practices.get(order=1).answer_text == "one\ntwo"


def test_get_feedback_without_javascript_submits_once_for_a_double_click(page, session):
    form = {"answer_text": ANSWER, "base_version": "0", "tries": "0"}

    replies = [page.post(f"{address_of(session)}/feedback", form) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [302, 302]
    assert Submission.objects.count() == 1
    assert 'data-try="1"' in page.get(address_of(session)).content.decode()


def test_get_feedback_by_htmx_returns_the_list_and_tells_the_new_version(page, session):
    reply = page.post(
        f"{address_of(session)}/feedback",
        {"answer_text": ANSWER, "base_version": "0", "tries": "0"},
        headers={"HX-Request": "true"},
    )

    assert reply.status_code == 200
    assert '"version": 1' in reply["HX-Trigger"]
    assert 'data-try="1"' in reply.content.decode()


def test_a_blank_answer_is_refused_in_words(page, session):
    reply = page.post(f"{address_of(session)}/feedback", {"answer_text": "  ", "base_version": "0"})

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

    assert "older words" in page.get(f"{address_of(session)}/revisions").content.decode()
    page.post(f"{address_of(session)}/revisions/{revision.pk}/restore")

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
    assert page.get(address_of(session, order)).status_code == 404


def test_over_the_limit_the_page_says_so(page):
    rows = [make_set() for _ in range(4)]
    for row in rows[:3]:
        page.post(f"/practice/{row.slug}/start")

    reply = page.post(f"/practice/{rows[3].slug}/start")

    assert reply.status_code == 429
    assert "of today" in reply.content.decode()
