"""Around the room: keys, the whole way by keyboard, feedback used up, from summary to the next start."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from sessions_app.interviews.models import PracticeSession
from tests.browser.interview_steps import begin, end, hand_in, rate, ready
from tests.factories import UserFactory
from tests.interviews.factories import ANSWER, make_bank

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def room(page: Page, sign_in) -> Page:
    make_bank(per_category=2)
    sign_in(page, UserFactory())
    page.goto("/interviews")
    return page


def tab_to(page: Page, is_there: str) -> None:
    """Press Tab until the focused element fulfils an expression about `field`."""
    for _ in range(40):
        if page.evaluate(f"(field => {is_there})(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reached {is_there}")


def test_a_question_mark_lists_the_keys_but_not_while_one_writes(room, looks_good, shots):
    begin(room, "^Standard")
    room.get_by_label("Your answer").press("?")
    expect(room.get_by_role("dialog")).to_have_count(0)
    expect(room.get_by_label("Your answer")).to_have_value("?")

    opener = room.get_by_role("button", name="Keyboard shortcuts")
    opener.focus()
    room.keyboard.press("?")
    dialog = room.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_contain_text("Hand in the answer")
    expect(dialog).to_contain_text("Choose 1 to 5")
    looks_good(room)
    shots(room, "interviews-keys")
    room.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    room.keyboard.press("Enter")
    expect(dialog).to_be_visible()


def test_the_whole_walk_by_keyboard_alone(room, worker):
    """From the start page to the next interview, without one click."""
    keyboard = room.keyboard
    tab_to(room, "field.name === 'category'")
    keyboard.press("Tab")
    keyboard.press("ArrowDown")
    expect(room.get_by_role("radio", name=re.compile("^Timed"))).to_be_checked()
    keyboard.press("Tab")
    expect(room.get_by_role("radio", name="30 min")).to_be_checked()
    keyboard.press("Tab")
    keyboard.press("Enter")
    ready(room)
    tab_to(room, "field.tagName === 'SUMMARY' && field.innerText.includes('Framework')")
    keyboard.press("Enter")
    expect(room.get_by_text("Name the users")).to_be_visible()
    tab_to(room, "field.id === 'answer'")
    keyboard.insert_text(ANSWER)
    keyboard.press("Control+Enter")
    expect(room.get_by_text("How well did that go?")).to_be_visible()
    tab_to(room, "field.name === 'rating'")
    keyboard.press("Space")
    keyboard.press("ArrowRight")
    expect(room.get_by_role("radio", name=re.compile("^2,"))).to_be_checked()
    keyboard.press("Enter")
    expect(room.locator(".score-number")).to_contain_text("of 10", timeout=20_000)
    ready(room)
    tab_to(room, "field.innerText.trim() === 'Next question'")
    room.context.set_offline(True)
    keyboard.press("Enter")
    expect(room.get_by_text("This page stays open")).to_be_visible()
    room.context.set_offline(False)
    keyboard.press("Enter")
    expect(room.get_by_label("Your answer")).to_have_value("")
    ready(room)
    tab_to(room, "field.getAttribute('aria-label') === 'End interview'")
    leave = room.get_by_role("button", name="End interview")
    keyboard.press("Enter")
    expect(room.get_by_role("dialog")).to_be_visible()
    keyboard.press("Escape")
    expect(room.get_by_role("dialog")).to_have_count(0)
    expect(leave).to_be_focused()
    keyboard.press("Enter")
    expect(room.get_by_role("button", name="Keep going")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    room.wait_for_url("**/summary")
    tab_to(room, "field.innerText.startsWith('Practice ')")
    keyboard.press("Enter")
    ready(room)
    assert PracticeSession.objects.count() == 2


def test_the_summary_starts_what_to_practice_next(room, worker, looks_good, shots):
    begin(room, "^Timed", minutes=10, category="metrics")
    hand_in(room)
    rate(room, 5, "Show the result")
    expect(room.locator(".score-number")).to_be_visible(timeout=20_000)
    room.get_by_role("link", name="Next question").click()
    hand_in(room, "Nonsense " * 12)
    room.get_by_role("link", name="Skip this").click()
    expect(room.get_by_text("Not scored")).to_be_visible(timeout=20_000)
    end(room)

    expect(room.get_by_text("The average counts 1 of 2 answers.")).to_be_visible()
    expect(room.locator(".interview-row").nth(1)).to_contain_text("There is")  # the reason
    looks_good(room)
    shots(room, "interviews-summary-withheld")
    begun = room.get_by_role("button", name="Practice behavioral questions")
    expect(room.get_by_text("timed, 10 min, as this time")).to_be_visible()
    begun.dblclick()
    ready(room)

    newest, _ = PracticeSession.objects.order_by("-started_at")
    assert (newest.category_filter, newest.mode, newest.timer_minutes) == (
        "behavioral",
        "timed",
        10,
    )


def test_with_the_days_feedback_used_up_the_room_and_the_answer_say_so(
    room, settings, looks_good, shots
):
    free = settings.DAILY_LIMITS["free"] | {"evaluation": 0}
    settings.DAILY_LIMITS = settings.DAILY_LIMITS | {"free": free}
    begin(room, "^Standard")
    expect(room.locator("#no-feedback")).to_contain_text("Today's feedback is used up.")
    looks_good(room)
    hand_in(room)
    rate(room, 3, "Show the result")
    expect(room.get_by_text("Kept, without feedback so far")).to_be_visible()
    expect(room.get_by_role("button", name="Get feedback")).to_have_count(0)
    looks_good(room)
    shots(room, "interviews-no-feedback")

    settings.DAILY_LIMITS = settings.DAILY_LIMITS | {"free": free | {"evaluation": 20}}
    room.reload()
    room.get_by_role("button", name="Get feedback").click()
    expect(room.get_by_text("Waiting for a free moment")).to_be_visible()


def test_few_words_are_said_to_get_no_score(room):
    begin(room, "^Rapid fire")
    expect(room.locator("#answer-hint")).to_contain_text("a few sentences")
    room.get_by_label("Your answer").fill("Ten words are here now and none of them counts.")
    expect(room.locator("#answer-count")).to_have_text("3 more characters needed")
    room.get_by_label("Your answer").fill("Eleven words are here and not one of them counts yet.")
    expect(room.locator("#answer-count")).to_have_text("11 words, scored from 40")
    room.get_by_label("Your answer").fill("word " * 40)
    expect(room.locator("#answer-count")).to_have_text("40 words")
