"""The room's clock is the server's: in each mode, on wrong clocks, after a reload, on two devices."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from common import clock
from sessions_app.interviews.models import Attempt
from tests.browser.interview_steps import (
    HOUR,
    begin,
    hand_in,
    is_right,
    move_deadline,
    next_beat,
    ready,
    set_clock_off,
)
from tests.factories import UserFactory
from tests.interviews.factories import make_bank

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
MODES = [
    ("^Standard", 20, HOUR),
    ("^Standard", 20, -HOUR),
    ("^Timed", 10, HOUR),
    ("^Timed", 10, -HOUR),
    ("^Rapid fire", None, HOUR),
    ("^Rapid fire", None, -HOUR),
    ("^Mock interview", None, HOUR),
    ("^Mock interview", None, -HOUR),
]


@pytest.fixture
def learner():
    make_bank(per_category=2)
    return UserFactory(plan="premium")


@pytest.fixture
def room(page: Page, sign_in, learner) -> Page:
    sign_in(page, learner)
    page.goto("/interviews")
    return page


def spoken(page: Page):
    return page.locator("body > [role=status].visually-hidden")


@pytest.mark.parametrize(("mode", "minutes", "off"), MODES)
def test_it_is_right_on_a_clock_that_is_an_hour_off(
    page, new_context, sign_in, learner, mode, minutes, off
):
    set_clock_off(page, off)
    sign_in(page, learner)
    page.goto("/interviews")
    begin(page, mode, minutes)
    assert is_right(page)

    page.wait_for_timeout(1500)
    assert is_right(page)
    page.reload()
    ready(page)
    assert is_right(page)

    second = new_context().new_page()
    set_clock_off(second, -off)
    sign_in(second, learner)
    second.goto(page.url)
    ready(second)
    assert is_right(second)
    assert second.locator("h1").inner_text() == page.locator("h1").inner_text()


def test_the_last_minutes_are_spoken_each_once(room, looks_good, shots):
    begin(room, "^Timed", minutes=30)
    pill = room.locator("#room-timer")
    expect(pill).to_have_attribute("data-state", "calm")
    for left, words, state in [(301, "5", "soon"), (61, "1", "last")]:
        move_deadline(left)
        next_beat(room)
        expect(spoken(room)).to_have_text(f"{words} minute{'s' if left > 100 else ''} left.")
        expect(pill).to_have_attribute("data-state", state)
        looks_good(room)
        shots(room, f"interviews-timer-{state}")
    move_deadline(1)
    next_beat(room)
    expect(spoken(room)).to_have_text("Time is up.")
    expect(pill).to_have_attribute("aria-label", "Time is up")
    expect(room.locator("#late-note")).to_be_visible()
    looks_good(room)
    shots(room, "interviews-timer-over")


def test_a_limit_that_passed_between_two_pages_is_spoken_on_the_next_one_only(room):
    begin(room, "^Timed", minutes=30)
    move_deadline(200)
    room.reload()
    expect(spoken(room)).to_have_text("4 minutes left.")

    room.reload()
    ready(room)
    room.wait_for_timeout(1500)

    expect(spoken(room)).to_have_text("")


def test_a_late_answer_is_kept_and_marked(room, worker):
    begin(room, "^Timed", minutes=5)
    ended = clock.now() - timedelta(seconds=65)
    move_deadline(-65)
    room.reload()
    ready(room)
    expect(room.locator("#room-timer")).to_contain_text("over")
    expect(room.locator("#late-note")).to_contain_text("marked late")

    hand_in(room)

    until_now = (clock.now() - ended).total_seconds()
    assert 65 <= Attempt.objects.get().late_by_sec <= until_now
    expect(room.get_by_text("s late").first).to_be_visible()
    room.get_by_role("link", name="Skip this").click()
    expect(room.locator(".score-number")).to_contain_text("of 10")
