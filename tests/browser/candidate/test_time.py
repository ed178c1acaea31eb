"""The timer goes by the server, whatever the device and the line do."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from common import clock
from tests.browser.candidate.sitting import (
    SAVED,
    codes,
    expect_saved,
    is_right,
    move_deadline,
    seconds_shown,
    start,
    stored,
    truly_left,
    wait_until_ready,
    write,
)
from tests.browser.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


HOUR = 3600_000


@pytest.mark.parametrize(("skew", "words"), [(HOUR, "3600 s fast"), (-HOUR, "3600 s slow")])
def test_a_clock_that_is_wrong_is_told_and_changes_nothing(page, link, candidate, skew, words):
    page.add_init_script(f"const real = Date.now; Date.now = () => real() + {skew};")
    page.goto(link)
    expect(page.locator("[data-check=clock]")).to_contain_text(words)
    start(page, link)
    assert is_right(page, candidate)


def test_a_clock_that_is_set_meanwhile_changes_nothing(room, candidate):
    for hours in (1, -2):
        room.evaluate(f"(at => Date.now = () => at() + {hours * HOUR})(Date.now.bind(Date))")
        room.wait_for_timeout(800)
        assert is_right(room, candidate)


def test_a_page_that_was_long_on_its_way_shows_the_time_that_is_left(page, link, candidate):
    def slowly(route):
        page_of_the_server = route.fetch()
        time.sleep(4)  # on the line, after the server wrote its time into it
        route.fulfill(response=page_of_the_server)

    start(page, link)
    page.route("**/test", slowly)
    page.reload()
    wait_until_ready(page)
    assert is_right(page, candidate, within=1.5)


def test_a_late_reply_never_sets_the_timer_back(page, link, candidate):
    page.add_init_script(
        """const real = window.fetch;
        window.fetch = async (...request) => {
            const reply = await real(...request);
            const late = String(request[0]).includes("heartbeat");
            if (late) await new Promise((done) => setTimeout(done, 7000));
            if (late) window.arrived = true;
            return reply;
        };"""
    )
    start(page, link)
    page.evaluate("window.dispatchEvent(new Event('online'))")  # a beat, at once
    shown = [seconds_shown(page)]

    def has_arrived():
        shown.append(seconds_shown(page))
        return page.evaluate("window.arrived")

    wait_for(has_arrived, page, seconds=40)
    for _ in range(4):  # what it would set back shows within a second
        page.wait_for_timeout(500)
        shown.append(seconds_shown(page))
    assert shown == sorted(shown, reverse=True)
    assert is_right(page, candidate)


def test_when_time_runs_out_the_test_is_handed_in_as_it_stands(room, candidate):
    write(room, "# as it stands")
    expect(room.locator("[data-save-state]")).to_have_text(SAVED)
    move_deadline(candidate, seconds_left=4)
    write(room, " and a bit")  # the reply to the save brings the new deadline

    expect(room.get_by_role("heading", name="The time is over")).to_be_visible(timeout=20_000)
    session = stored(candidate)
    assert (session.status, session.completion_method) == ("completed", "timer_expired")
    assert session.completed_at == session.deadline
    assert any("and a bit" in code for code in codes(candidate))


def test_the_page_warns_at_five_minutes_and_at_one(room, candidate):
    for seconds, words in ((299, "Less than 5 minutes left"), (59, "Less than 1 minute left")):
        move_deadline(candidate, seconds_left=seconds)
        write(room, "#")
        expect(room.locator("[data-notice=time]")).to_contain_text(words)
        expect(room.locator("[data-announce]")).to_contain_text(words)


def test_time_that_staff_gave_is_heard_of_before_anything_is_closed(room, candidate):
    move_deadline(candidate, seconds_left=10)
    near_end = stored(candidate).deadline
    write(room, "# in a hurry")  # the reply brings the near end
    expect(room.locator("[data-timer][data-state=last]")).to_be_visible()
    expect_saved(room)
    move_deadline(candidate, seconds_left=600)

    wait_for(lambda: clock.now() > near_end + timedelta(seconds=2), room)
    assert stored(candidate).status == "active"
    assert is_right(room, candidate)
    expect(room.locator("[data-notice=time]")).to_have_count(0)


def test_at_zero_without_a_connection_nothing_is_lost_and_the_end_is_the_deadline(
    room, candidate, problems
):
    move_deadline(candidate, seconds_left=10)
    write(room, "# nearly")
    expect(room.locator("[data-timer][data-state=last]")).to_be_visible()
    expect_saved(room)
    room.context.set_offline(True)
    write(room, " there")
    wait_for(lambda: truly_left(candidate) < -2, room)
    expect(room.locator("[data-notice=connection]")).to_contain_text("kept on this device")
    room.context.set_offline(False)

    expect(room.get_by_role("heading", name="The time is over")).to_be_visible(timeout=20_000)
    session = stored(candidate)
    assert (session.status, session.completed_at) == ("completed", session.deadline)
    assert any("# nearly there" in code for code in codes(candidate))
    problems.clear()
