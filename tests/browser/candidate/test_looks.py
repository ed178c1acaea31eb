"""Every page of a sitting, wide and narrow, light and dark: no WCAG 2.2 AA fault, nothing too wide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from common import clock
from sessions_app.proctoring.models import ProctoredSession
from tests.browser.candidate.sitting import (
    expect_saved,
    move_deadline,
    stored,
    wait_until_ready,
    write,
)
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_before_the_test(page, link, looks_good):
    page.goto(link)
    expect(page.locator("[data-check][data-state=good]")).to_have_count(3)
    looks_good(page)
    page.goto("/t/ct_nonsense")
    expect(page.get_by_role("heading", name="This link does not open a test")).to_be_visible()
    looks_good(page)


def test_the_room_in_its_states(room, candidate, looks_good, problems):
    write(room, "# a first thought\n")
    expect_saved(room)
    looks_good(room)
    for seconds in (299, 59):
        move_deadline(candidate, seconds_left=seconds)
        write(room, "#")
        expect(room.locator("[data-notice=time]")).to_be_visible()
        looks_good(room)
        move_deadline(candidate, seconds_left=3000)
        write(room, "#")
        expect(room.locator("[data-notice=time]")).to_have_count(0)
    room.context.set_offline(True)
    write(room, "# offline\n")
    expect(room.locator("[data-notice=connection]")).to_be_visible()
    looks_good(room)
    room.context.set_offline(False)
    expect(room.locator("[data-notice=connection]")).to_have_count(0, timeout=25_000)
    room.get_by_role("button", name="Finish test").click()
    looks_good(room)
    problems.clear()


def test_on_a_wide_screen_the_room_itself_never_scrolls(room, candidate):
    """The panes do: the timer and the buttons stay in view, with a notice above them too."""
    move_deadline(candidate, seconds_left=250)
    write(room, "#\n" * 60)
    expect(room.locator("[data-notice=time]")).to_be_visible()
    height = room.evaluate("document.documentElement.scrollHeight")
    assert height <= DESKTOP["height"]
    for locator in (room.locator("[data-timer]"), room.locator("[data-finish]")):
        expect(locator).to_be_in_viewport()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "completed", "completion_method": "manual"}, "Thank you, Dana Demo"),
        ({"status": "completed", "completion_method": "timer_expired"}, "The time is over"),
        ({"status": "completed", "completion_method": "auto", "void": True}, "declared void"),
        ({"status": "abandoned", "completion_method": "heartbeat_timeout"}, "The time is over"),
    ],
)
def test_after_the_test(room, candidate, link, looks_good, fields, words):
    fields = dict(fields)
    now = clock.now()
    room.goto("about:blank")
    wait_for(lambda: stored(candidate).status == "abandoned", room)  # the beacon is through
    if fields.pop("void", False):
        fields["voided_at"] = now
    if fields["status"] == "completed":
        fields["completed_at"] = now
    sessions = ProctoredSession.objects.filter(pk=candidate.pk)
    sessions.update(deadline=now - timedelta(minutes=1), left_at=None, **fields)
    room.goto(link)
    expect(room.get_by_role("heading", level=1)).to_contain_text(words)
    looks_good(room)


def test_a_resumed_room_on_a_phone(page, link, looks_good):
    page.set_viewport_size(PHONE)
    page.goto(link)
    page.get_by_role("button", name="Start the test").click()
    wait_until_ready(page)
    write(page, "# on a phone\n")
    expect_saved(page)
    page.reload()
    wait_until_ready(page)
    looks_good(page)
