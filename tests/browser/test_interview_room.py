"""A learner walks through each mode of the interview room, with a clock that is an hour off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from common import clock
from practice.models import Question
from sessions_app.interviews.models import InterviewDraft, PracticeSession
from sessions_app.interviews.services import save_draft
from tests.browser.interview_steps import (
    HOUR,
    begin,
    end,
    hand_in,
    rate,
    ready,
    set_clock_off,
)
from tests.factories import UserFactory
from tests.interviews.factories import ANSWER, make_bank

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def learner():
    make_bank(per_category=2)
    return UserFactory(plan="premium")


@pytest.fixture
def room(page: Page, sign_in, learner) -> Page:
    """The start page of a learner whose device is an hour ahead."""
    set_clock_off(page, HOUR)
    sign_in(page, learner)
    page.goto("/interviews")
    return page


def test_no_page_is_wider_than_a_phone(page, sign_in, learner):
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, learner)
    page.goto("/interviews")
    fits(page)
    begin(page, "^Timed", minutes=60)
    page.get_by_text("Framework hint").click()
    page.get_by_text("Why this question?").click()
    fits(page)
    hand_in(page)
    fits(page)
    page.get_by_role("link", name="Skip this").click()
    fits(page)
    end(page)
    fits(page)
    page.goto("/interviews/history")
    fits(page)


def fits(page: Page) -> None:
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def test_standard_gives_feedback_after_each_answer(room, worker, looks_good, shots):
    looks_good(room)
    shots(room, "interviews-start")
    begin(room, "^Standard", category="metrics")
    expect(room.locator("#room-timer")).to_have_count(0)
    room.get_by_text("Framework hint").click()
    expect(room.get_by_text("Name the users")).to_be_visible()
    looks_good(room)
    room.get_by_label("Your answer").fill("Only a little")
    room.get_by_role("button", name="Hand in answer").click()
    expect(room.get_by_role("alert")).to_contain_text("at least 50")
    hand_in(room)
    looks_good(room)
    shots(room, "interviews-rating")
    rate(room, 4, "Show the result")
    expect(room.locator(".score-number")).to_contain_text("of 10")
    expect(room.get_by_text("4 of 5")).to_be_visible()
    looks_good(room)
    shots(room, "interviews-result")
    room.get_by_role("link", name="Next question").click()
    shots(room, "interviews-room")
    hand_in(room, ANSWER + " I would also compare it with last year.")
    room.get_by_role("link", name="Skip this").click()
    end(room)
    expect(room.get_by_role("heading", name="What to practice next")).to_be_visible()
    expect(room.locator(".interview-row")).to_have_count(2)
    looks_good(room)
    shots(room, "interviews-summary")
    room.goto("/interviews/history")
    expect(room.get_by_role("heading", name="How it develops")).to_be_visible()
    looks_good(room)
    shots(room, "interviews-history")


def test_a_mock_asks_four_and_tells_nothing_before_its_end(room, worker, shots):
    begin(room, "^Mock interview")
    for number in range(1, 5):
        expect(room.locator(".interview-bar-step")).to_have_text(f"Question {number} of 4")
        hand_in(room, f"{ANSWER} This is answer {number}.")
        expect(room.locator(".score-number")).to_have_count(0)
        rate(room, 3, "Next question")
    expect(room.get_by_text("Nothing left to ask")).to_be_visible()
    shots(room, "interviews-nothing-left")
    room.get_by_role("button", name="See the summary").click()
    room.wait_for_url("**/summary")
    expect(room.locator(".interview-row .score-number")).to_have_count(4, timeout=20_000)


def test_words_survive_a_reload_and_are_shown_when_never_handed_in(room):
    begin(room, "^Standard")
    room.get_by_label("Your answer").fill("Half a thought")
    expect(room.locator("#save-state")).to_contain_text("Saved")
    assert InterviewDraft.objects.get().answer_text == "Half a thought"

    room.reload()
    expect(room.get_by_label("Your answer")).to_have_value("Half a thought")
    end(room)

    room.get_by_text("3 words").click()
    expect(room.get_by_text("Half a thought")).to_be_visible()


def test_words_typed_offline_arrive_when_the_connection_is_back(room):
    begin(room, "^Standard")
    room.context.set_offline(True)
    room.get_by_label("Your answer").fill("Written in a tunnel")
    expect(room.locator("#save-state")).to_contain_text("kept on this device")
    assert not InterviewDraft.objects.filter(version__gt=0).exists()

    room.context.set_offline(False)
    expect(room.locator("#save-state")).to_contain_text("Saved", timeout=15_000)
    assert InterviewDraft.objects.get().answer_text == "Written in a tunnel"


def test_a_conflict_shows_both_texts_and_the_other_one_can_be_put_back(room, sign_in, learner):
    begin(room, "^Standard")
    session, question = PracticeSession.objects.get(), room.locator("#interview-room")
    number = int(question.get_attribute("data-question"))
    save_draft(
        user=session.user,
        session_id=session.pk,
        question=Question.objects.get(pk=number),
        answer_text="From the other device",
        base_version=0,
        now=clock.now(),
    )
    room.get_by_label("Your answer").fill("From this device")
    expect(room.get_by_role("dialog")).to_contain_text("From the other device")
    room.get_by_role("button", name="Keep mine").click()
    expect(room.locator("#save-state")).to_contain_text("Saved")

    room.reload()
    ready(room)
    expect(room.get_by_label("Your answer")).to_have_value("From this device")
    room.get_by_text("Earlier versions: 1").click()
    room.get_by_text("4 words, saved").click()
    room.get_by_role("button", name="Put this text back").click()
    expect(room.get_by_label("Your answer")).to_have_value("From the other device")
    expect(room.locator("#save-state")).to_contain_text("Saved")
    room.wait_for_timeout(2500)
    assert InterviewDraft.objects.get().answer_text == "From the other device"
