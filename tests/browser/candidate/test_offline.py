"""A line that fails: nothing that was written is lost."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from common import clock
from sessions_app.proctoring.services.sweeping import sweep_sessions
from tests.browser.candidate.sitting import (
    SAVED,
    codes,
    is_right,
    stored,
    wait_until_ready,
    write,
)
from tests.browser.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_offline_nothing_is_lost_and_everything_is_sent_afterwards(room, candidate, problems):
    room.context.set_offline(True)
    write(room, "# offline words")
    expect(room.locator("[data-notice=connection]")).to_contain_text("kept on this device")
    expect(room.locator("[data-save-state]")).to_contain_text("Offline")
    assert not any("# offline words" in code for code in codes(candidate))

    room.context.set_offline(False)
    expect(room.locator("[data-save-state]")).to_have_text(SAVED)
    expect(room.locator("[data-notice=connection]")).to_have_count(0)
    assert any("# offline words" in code for code in codes(candidate))
    problems.clear()


def test_what_was_written_offline_survives_a_crash_of_the_page(room, candidate, link, problems):
    room.context.set_offline(True)
    write(room, "# before the crash")
    expect(room.locator("[data-save-state]")).to_contain_text("Offline")
    room.goto("about:blank")
    room.context.set_offline(False)
    room.goto(link)
    wait_until_ready(room)

    wait_for(lambda: any("# before the crash" in code for code in codes(candidate)), room)
    problems.clear()


@pytest.mark.slow
def test_a_true_minute_offline_loses_no_word_and_no_time(room, candidate, problems):
    """More than a minute by the clock on the wall, writing all the time, with sweeps meanwhile."""
    deadline = stored(candidate).deadline
    room.context.set_offline(True)
    gone = time.monotonic()
    lines = 0
    while time.monotonic() - gone < 62:
        write(room, f"# line {lines} offline\n")
        lines += 1
        sweep_sessions(now=clock.now())
        room.wait_for_timeout(2500)
    expect(room.locator("[data-save-state]")).to_contain_text("Offline")
    assert not any("offline" in code for code in codes(candidate))
    room.context.set_offline(False)

    expect(room.locator("[data-save-state]")).to_have_text(SAVED, timeout=25_000)
    (code,) = [code for code in codes(candidate) if "offline" in code]
    assert [f"# line {n} offline" in code for n in range(lines)] == [True] * lines
    session = stored(candidate)
    assert (session.status, session.deadline) == ("active", deadline)
    assert is_right(room, candidate)
    assert not session.revisions.exists()
    problems.clear()
