"""What practice tells the dashboard, tracking, the admin and a person who asks for their data."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import personal_data
from common import clock
from evaluation import subjects
from practice.models import PracticeMain, PracticeMainHistory
from practice.selectors import dashboard_cards
from practice.services.completion import complete_session
from practice.services.drafts import save_draft
from practice.services.submissions import EVALUATION_KIND, submit_answer
from tests.factories import UserFactory
from tests.practice.factories import (
    ANSWER,
    NOW,
    answered,
    give_verdict,
    make_session,
    make_set,
    question_ids,
)
from tracking.models import PracticeLog


def skill_of(owner):
    from tracking.services.skills import ensure_skill

    return ensure_skill(user=owner, name="System Design", now=NOW)


def write(owner, session, seconds=1260, order=1):
    save_draft(
        user=owner,
        session_id=session.pk,
        question_id=question_ids(session)[order - 1],
        answer_text=f"Words {order}",
        base_version=0,
        active_seconds=seconds,
        now=NOW + timedelta(hours=order),
    )


def test_a_new_learner_is_offered_the_easiest_set(owner):
    make_set(title="Hard one", difficulty="hard")
    easy = make_set(title="Easy one", difficulty="easy")

    cards = dashboard_cards(owner)

    assert (cards.continue_card, cards.latest_feedback) == (None, None)
    assert cards.next_for_you.question_main.pk == easy.pk


def test_the_dashboard_continues_where_the_learner_saved_last(owner, session):
    other = make_session(owner)
    write(owner, session)

    card = dashboard_cards(owner).continue_card

    assert card.session_id == session.pk != other.pk
    assert (card.order, len(card.progress.dots)) == (1, 3)
    assert card.saved_at == NOW + timedelta(hours=1)


def test_the_latest_feedback_counts_the_points_to_go(owner, session):
    submission = submit_answer(
        user=owner,
        session_id=session.pk,
        question_id=question_ids(session)[1],
        answer_text=ANSWER,
        now=NOW,
    )
    assert dashboard_cards(owner).latest_feedback is None
    give_verdict(submission.evaluation_id, overall=4.4)

    card = dashboard_cards(owner).latest_feedback

    assert (card.order, card.points_to_go, card.evaluation.overall_score) == (2, 1, 4.4)
    complete_session(user=owner, session_id=session.pk, now=NOW)
    assert dashboard_cards(owner).latest_feedback.is_completed
    assert dashboard_cards(owner).next_for_you.question_main.pk == session.question_main_id


def test_points_to_go_are_those_that_are_not_wholly_met(owner, session):
    levels = {"Replication": "met", "Repair": "partial", "Placement": "missed"}
    give_verdict(answered(session).evaluation_id, **levels)

    assert dashboard_cards(owner).latest_feedback.points_to_go == 2


def test_a_finished_set_is_logged_with_its_real_minutes_once(owner, session):
    skill_of(owner)
    write(owner, session)
    write(owner, session, seconds=600, order=2)

    for _ in range(2):
        complete_session(user=owner, session_id=session.pk, now=NOW)

    log = PracticeLog.objects.get()
    assert log.duration_minutes == 31
    assert session.question_main.title in log.description


def test_without_the_skill_the_review_offers_to_create_it(owner, session, client):
    write(owner, session)
    complete_session(user=owner, session_id=session.pk, now=NOW)
    client.force_login(owner)
    review = f"/practice/sessions/{session.pk}/review"

    assert "Create the skill and log it" in client.get(review).content.decode()
    assert not PracticeLog.objects.exists()
    client.post(f"/practice/sessions/{session.pk}/log")
    client.post(f"/practice/sessions/{session.pk}/log")

    assert PracticeLog.objects.get().duration_minutes == 21
    assert "21 minutes logged" in client.get(review).content.decode()


def test_a_session_in_which_nothing_was_done_is_not_logged(owner, session):
    skill_of(owner)

    complete_session(user=owner, session_id=session.pk, now=NOW)

    assert not PracticeLog.objects.exists()


def test_practice_is_registered_below():
    assert EVALUATION_KIND in subjects.kinds()
    assert "practice" in {holder.name for holder in personal_data.holders()}


def test_export_holds_every_saved_word_and_erase_removes_it(owner, stranger, session):
    holder = next(h for h in personal_data.holders() if h.name == "practice")
    write(owner, session)
    save_draft(
        user=owner,
        session_id=session.pk,
        question_id=question_ids(session)[0],
        answer_text="Newer",
        base_version=1,
        now=clock.now(),
    )
    complete_session(user=owner, session_id=session.pk, now=NOW)
    make_session(owner)
    theirs = make_session(stranger)

    data = personal_data.whole(holder.export(owner))

    assert [one["status"] for one in data] == ["completed", "practicing"]
    assert data[0]["questions"][0]["answer_text"] == "Newer"
    assert data[0]["questions"][0]["revisions"][0]["answer_text"] == "Words 1"
    holder.erase(owner)
    assert not PracticeMainHistory.objects.exists()
    assert PracticeMain.objects.get() == theirs


@pytest.mark.parametrize(
    "name",
    [
        "questionmain",
        "question",
        "practicemain",
        "practicemainhistory",
        "practice",
        "practicehistory",
        "submission",
        "submissionhistory",
        "draftrevision",
        "whiteboard",
        "whiteboardrevision",
    ],
)
def test_staff_can_look_at_everything_and_change_nothing(client, staff, owner, session, name):
    write(owner, session)
    client.force_login(staff)

    assert client.get(f"/admin/practice/{name}/").status_code == 200
    assert client.get(f"/admin/practice/{name}/add/").status_code == 403


def test_staff_can_open_a_session(client, staff, session):
    client.force_login(staff)

    assert client.get(f"/admin/practice/practicemain/{session.pk}/change/").status_code == 200
    assert (
        client.get(f"/admin/practice/questionmain/{session.question_main_id}/change/").status_code
        == 200
    )


def test_pages_ask_the_database_no_more_for_more_rows(client, db, django_assert_max_num_queries):
    owner = UserFactory(plan="premium")
    for _ in range(6):
        complete_session(user=owner, session_id=make_session(owner).pk, now=NOW)
    session = make_session(owner)
    client.force_login(owner)

    with django_assert_max_num_queries(14):
        client.get("/practice")
    with django_assert_max_num_queries(14):
        client.get("/history")
    with django_assert_max_num_queries(16):
        client.get(f"/practice/sessions/{session.pk}/questions/1")
