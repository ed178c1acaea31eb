"""The room of a proctored test."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from common.clock import now
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.services.ending import complete_session as complete_test
from sessions_app.proctoring.states import Method
from tests.browser.candidate import sitting
from tests.browser.saving.places.base import Place
from tests.browser.waiting import wait_for

PASTE = """(selector, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.querySelector(selector).dispatchEvent(event);
}"""


class RoomPlace(Place):
    saves = re.compile(r"/api/test-session/[^/]+/progress$")
    is_saved = sitting.SAVED

    def __init__(self, page: Page, link: str, candidate: Any) -> None:
        super().__init__(page, lambda *_: None, candidate)
        self.link = link

    @property
    def line(self) -> Locator:
        return self.page.locator("[data-save-state]")

    def open(self) -> None:
        sitting.start(self.page, self.link)

    def wait_until_open(self) -> None:
        sitting.wait_until_ready(self.page)
        self._first()

    def _first(self) -> None:
        while self.page.locator("[data-previous]").is_enabled():
            self.page.get_by_role("button", name="Previous").click()

    def _end_of_text(self) -> None:
        self.page.locator(".cm-content").click()
        self.page.keyboard.press("Control+End")

    def write(self, words: str) -> None:
        self._end_of_text()
        self.page.evaluate(f"(text) => ({PASTE})('.cm-content', text)", words)

    def holds(self, words: str) -> None:
        self._end_of_text()
        for line in words.split("\n"):
            expect(self.page.locator(".cm-content")).to_contain_text(line)

    def _codes(self) -> list[str]:
        return [v["code"] for v in sitting.stored(self.person).pending_answers.values()]

    def stored(self) -> str:
        return "\n".join(code for code in self._codes() if "elsewhere" not in code)

    def write_elsewhere(self, words: str) -> None:
        self.page.get_by_role("button", name="Next question").click()
        self.write(words)
        self.page.wait_for_timeout(2500)
        self._first()

    def stored_elsewhere(self) -> str:
        return "\n".join(code for code in self._codes() if "elsewhere" in code)

    def write_too_much(self) -> str:
        self.write("x" * 200 + "\n" * 66_000)
        return "and one answer may have 64 KB."

    def make_room(self) -> None:
        self.page.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text("# small words\nand typed on")

    def end(self) -> None:
        complete_test(candidate_id=self.person.pk, method=Method.AUTO, now=now())

    def kept_late(self) -> str:
        def late() -> str:
            session = ProctoredSession.objects.get(pk=self.person.pk)
            return "\n".join(r.text for r in session.revisions.filter(reason="late"))

        wait_for(late, self.page)
        return late()

    def come_back(self) -> None:
        other = self.page.context.new_page()
        other.goto(self.link)
        other.close()
