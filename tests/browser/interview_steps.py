"""What a learner does in the interview room, for the browser tests of interviews."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from common import clock
from sessions_app.interviews.models import PracticeSession
from tests.interviews.factories import ANSWER

HOUR = 3600
CLOCK_OFF_BY = """
(() => {
  const Real = Date;
  const skew = SECONDS * 1000;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + skew); }
    static now() { return Real.now() + skew; }
  };
})();
"""


def set_clock_off(page: Page, seconds: int) -> None:
    """From the next page on the device's clock is wrong by so many seconds."""
    page.add_init_script(CLOCK_OFF_BY.replace("SECONDS", str(seconds)))


def begin(page: Page, mode: str, minutes: int | None = None, category: str = "") -> None:
    page.get_by_label("What would you like to practice?").select_option(category)
    page.get_by_role("radio", name=re.compile(mode)).check(force=True)
    if minutes:
        page.get_by_role("radio", name=f"{minutes} min", exact=True).check(force=True)
    page.get_by_role("button", name="Start interview").click()
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("#interview-room[data-ready]")).to_be_visible()


def hand_in(page: Page, text: str = ANSWER) -> None:
    expect(page.get_by_label("Your answer")).to_be_visible()
    ready(page)
    page.get_by_label("Your answer").fill(text)
    page.get_by_role("button", name="Hand in answer").click()
    expect(page.get_by_text("How well did that go?")).to_be_visible()


def rate(page: Page, value: int, button: str) -> None:
    page.get_by_role("radio", name=re.compile(f"^{value},")).check(force=True)
    page.get_by_role("button", name=button).click()


def seconds_left(page: Page) -> int:
    shown = re.match(r"(?:(\d+):)?(\d+):(\d+) left", page.locator("#room-timer").inner_text())
    assert shown, page.locator("#room-timer").inner_text()
    hours, minutes, seconds = (int(part or 0) for part in shown.groups())
    return hours * 3600 + minutes * 60 + seconds


def server_seconds_left() -> float:
    deadline = PracticeSession.objects.get().deadline
    assert deadline is not None
    return (deadline - clock.now()).total_seconds()


def is_right(page: Page) -> bool:
    """The timer, read between two looks at the server's clock, is within two seconds of it."""
    before = server_seconds_left()
    shown = seconds_left(page)
    return server_seconds_left() - 2 <= shown <= before + 2


def move_deadline(seconds: float) -> None:
    """The one session of the test ends in so many seconds (before now, when negative)."""
    PracticeSession.objects.update(deadline=clock.now() + timedelta(seconds=seconds))


def next_beat(page: Page) -> None:
    """The room asks the server for its time, as it does every 30 s."""
    page.wait_for_load_state("networkidle")  # the beat of its opening is through
    with page.expect_response("**/beat"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def end(page: Page) -> None:
    ready(page)
    page.get_by_role("button", name="End interview").click()
    page.get_by_role("button", name="End and see the summary").click()
    page.wait_for_url("**/summary")
