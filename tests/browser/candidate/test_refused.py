"""Answers that the server refuses: they stay on the page and on the device, and the line above says so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from common import clock
from sessions_app.proctoring.services.sweeping import sweep_sessions
from tests.browser.candidate.sitting import (
    codes,
    expect_saved,
    move_deadline,
    stored,
    wait_until_ready,
    write,
)
from tests.browser.test_practice_crash import on_the_device
from tests.browser.waiting import MUTE, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.querySelector(".cm-content").dispatchEvent(event);
}"""


def paste(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.evaluate(PASTE, text)


def expect_at_the_end_of_the_first_answer(page: Page, words: str) -> None:
    while page.locator("[data-previous]").is_enabled():
        page.get_by_role("button", name="Previous").click()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    expect(page.locator(".cm-content")).to_contain_text(words)


def test_a_refused_answer_stays_and_the_others_are_saved(room, candidate, problems):
    line = room.locator("[data-save-state]")
    paste(room, "x" * 200 + "\n" * 66_000)
    expect(line).to_contain_text("is not saved")
    write(room, "# typed on")
    room.get_by_role("button", name="Next question").click()
    write(room, "# the second answer")
    wait_for(lambda: any("# the second answer" in code for code in codes(candidate)), room)
    expect(line).to_contain_text("It is kept on this device.")
    expect(room.locator("[data-notice=elsewhere]")).to_have_count(0)
    expect_at_the_end_of_the_first_answer(room, "# typed on")

    for _ in range(2):
        room.reload()
        wait_until_ready(room)
        expect_at_the_end_of_the_first_answer(room, "# typed on")
        expect(line).to_contain_text("is not saved")
    assert not any("# typed on" in code for code in codes(candidate))

    room.keyboard.press("Control+A")
    room.keyboard.type("# mended")
    expect_saved(room)
    assert {"# mended"} < set(codes(candidate))
    problems.clear()


def test_words_that_come_after_the_end_reach_the_reviewers(room, candidate, link, problems):
    room.context.set_offline(True)
    write(room, "# never sent")
    expect(room.locator("[data-save-state]")).to_contain_text("Offline")
    wait_for(lambda: any("# never sent" in text for text in on_the_device(room)), room)
    room.evaluate(MUTE)  # the last words of a closing page get past a browser that plays offline
    room.goto("about:blank")
    move_deadline(candidate, seconds_left=-60)
    sweep_sessions(now=clock.now())
    room.context.set_offline(False)
    room.goto(link)
    expect(room.get_by_role("heading", name="The time is over")).to_be_visible()

    def late():
        return [r.text for r in stored(candidate).revisions.all() if r.reason == "late"]

    wait_for(lambda: any("# never sent" in text for text in late()), room)
    problems.clear()
