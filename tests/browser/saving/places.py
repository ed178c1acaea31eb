"""The four places where words are written, with one face: a test of saving runs once in each."""

from __future__ import annotations

import base64
import random
import re
import struct
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from practice.models import Practice, Question, Whiteboard
from practice.services.completion import complete_session
from sessions_app.interviews.models import InterviewDraft, PracticeSession
from sessions_app.interviews.services import end_session
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.services.ending import complete_session as complete_test
from sessions_app.proctoring.states import Method
from tests.browser.candidate import sitting
from tests.browser.interview_steps import begin, ready
from tests.browser.waiting import wait_for
from tests.browser.workspace import board_ready, opened

PASTE = """(selector, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.querySelector(selector).dispatchEvent(event);
}"""

DROP = """async (canvas, picture) => {
    const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], "noise.png", {type: "image/png"}));
    const where = canvas.getBoundingClientRect();
    const at = {clientX: where.x + where.width / 2, clientY: where.y + where.height / 2};
    canvas.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer, ...at}));
}"""
TOO_LONG = "\nword after word" * 3_400
INSERT = """(field, words) => {
    field.setRangeText(words, field.value.length, field.value.length, "end");
    field.dispatchEvent(new InputEvent("input", {bubbles: true}));
}"""


class Place(ABC):
    """`write` adds words at the end of the text, `holds` waits until the page shows them, `stored`
    is what the server has. `saves`: the address that a save is sent to."""

    saves: re.Pattern[str]
    is_saved = "Saved"

    def __init__(self, page: Page, sign_in: Callable[..., None], person: Any) -> None:
        self.page, self.sign_in, self.person = page, sign_in, person

    @property
    @abstractmethod
    def line(self) -> Locator:
        """The state line."""

    @abstractmethod
    def open(self) -> None: ...
    @abstractmethod
    def write(self, words: str) -> None: ...
    @abstractmethod
    def holds(self, words: str) -> None: ...
    @abstractmethod
    def stored(self) -> str: ...
    @abstractmethod
    def write_elsewhere(self, words: str) -> None:
        """Go on in another field, and come back."""

    @abstractmethod
    def stored_elsewhere(self) -> str: ...
    @abstractmethod
    def write_too_much(self) -> str:
        """Something too large to be saved; returns the words in which the page says so."""

    @abstractmethod
    def make_room(self) -> None:
        """Take away what was too large."""

    @abstractmethod
    def end(self) -> None:
        """The work ends elsewhere: what is saved later comes too late."""

    @abstractmethod
    def kept_late(self) -> str:
        """What the server keeps of what came too late."""

    def reopen(self) -> None:
        self.page.reload()
        self.wait_until_open()

    @abstractmethod
    def wait_until_open(self) -> None: ...

    def sign_out(self) -> None:
        self.page.context.clear_cookies()

    def come_back(self) -> None:
        """Sign in again in another tab."""
        self.sign_in(self.page, self.person)

    def expect_saved(self) -> None:
        expect(self.line).to_have_text(self.is_saved)


class PracticePlace(Place):
    saves = re.compile(r"/questions/\d+/draft$")

    def __init__(self, page: Page, sign_in: Callable[..., None], session: Any, base: str) -> None:
        super().__init__(page, sign_in, session.user)
        self.session, self.base = session, base

    @property
    def line(self) -> Locator:
        return self.page.locator("[data-save-state]")

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Your answer")

    def open(self) -> None:
        self.sign_in(self.page, self.person)
        opened(self.page, self.base)

    def wait_until_open(self) -> None:
        expect(self.page.locator(".workspace[data-ready]")).to_be_visible()

    def write(self, words: str) -> None:
        enter(self.page, self.field, words)

    def holds(self, words: str) -> None:
        expect(self.field).to_have_value(re.compile(re.escape(words)))

    def _stored(self, order: int) -> str:
        return Practice.objects.get(session_id=self.session.pk, order=order).answer_text

    def stored(self) -> str:
        return self._stored(1)

    def write_elsewhere(self, words: str) -> None:
        self.page.locator("[data-go-next]").click()
        self.page.wait_for_url("**/questions/2")
        self.wait_until_open()
        self.field.fill(words)
        expect(self.line).to_have_text("Saved")
        self.page.locator("[data-go-previous]").click()
        self.page.wait_for_url("**/questions/1")
        self.wait_until_open()

    def stored_elsewhere(self) -> str:
        return self._stored(2)

    def write_too_much(self) -> str:
        self.field.evaluate(INSERT, TOO_LONG)
        return "characters, and an answer may have 50,000."

    def make_room(self) -> None:
        self.field.fill(self.field.input_value().replace(TOO_LONG, ""))

    def end(self) -> None:
        from common.clock import now

        complete_session(user=self.person, session_id=self.session.pk, now=now())

    def kept_late(self) -> str:
        self.page.goto(f"{self.base}/revisions")
        return self.page.locator("main").inner_text()


class BoardPlace(PracticePlace):
    """Words are labels of boxes; the other field is the answer beside the board."""

    saves = re.compile(r"/whiteboard$")

    @property
    def line(self) -> Locator:
        return self.page.locator("[data-board-state]")

    def open(self) -> None:
        super().open()
        board_ready(self.page)

    def wait_until_open(self) -> None:
        super().wait_until_open()
        board_ready(self.page)

    def write(self, words: str) -> None:
        self._open_menu()
        self.page.get_by_label("Label").evaluate(INSERT, words.strip())
        self.page.get_by_role("button", name="Add box").click()
        expect(self.page.get_by_text("Added “")).to_be_visible()
        self.page.keyboard.press("Escape")

    def _open_menu(self) -> None:
        if not self.page.get_by_label("Label").is_visible():
            self.page.locator("[data-board-add] > summary").click()

    def holds(self, words: str) -> None:
        if self.page.get_by_label("Label").is_visible():
            self.page.keyboard.press("Escape")
        self._open_menu()
        boxes = self.page.get_by_label("Arrow from")
        for label in filter(None, words.split("\n")):
            expect(boxes).to_contain_text(label)
        self.page.keyboard.press("Escape")

    def stored(self) -> str:
        board = Whiteboard.objects.filter(session_id=self.session.pk).first()
        elements = board.scene["elements"] if board else []
        return "\n".join(e["originalText"] for e in elements if e["type"] == "text")

    def write_elsewhere(self, words: str) -> None:
        self.field.fill(words)
        expect(self.page.locator("[data-save-state]")).to_have_text("Saved")

    def stored_elsewhere(self) -> str:
        return self._stored(1)

    def write_too_much(self) -> str:
        """A picture of 1.9 MB, dropped on the board."""
        picture = base64.b64encode(noise_png(820)).decode()
        self.page.locator(".excalidraw canvas.interactive").evaluate(DROP, picture)
        return "and a board takes 1.5 MB"

    def make_room(self) -> None:
        box = self.page.locator(".excalidraw canvas.interactive").bounding_box()
        assert box
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.keyboard.press("Delete")

    def kept_late(self) -> str:
        from practice.models.history import WhiteboardRevisionHistory

        return str([r.scene for r in WhiteboardRevisionHistory.objects.filter(late=True)])


class InterviewPlace(Place):
    saves = re.compile(r"/api/sessions/[^/]+/questions/\d+/draft$")

    @property
    def line(self) -> Locator:
        return self.page.locator("#save-state")

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Your answer")

    def open(self) -> None:
        self.sign_in(self.page, self.person)
        self.page.goto("/interviews")
        begin(self.page, "^Standard")
        self.address = self.page.url.split("?")[0]
        shown = self.page.locator("#interview-room").get_attribute("data-question")
        self.questions = [int(shown or 0)]
        self.questions += Question.objects.exclude(pk=self.questions[0]).values_list(
            "pk", flat=True
        )
        self._go(0)

    def _go(self, index: int) -> None:
        self.page.goto(f"{self.address}?question={self.questions[index]}")
        ready(self.page)

    def wait_until_open(self) -> None:
        ready(self.page)

    def write(self, words: str) -> None:
        enter(self.page, self.field, words)

    def holds(self, words: str) -> None:
        expect(self.field).to_have_value(re.compile(re.escape(words)))

    def _stored(self, index: int) -> str:
        draft = InterviewDraft.objects.filter(question_id=self.questions[index]).first()
        return draft.answer_text if draft else ""

    def stored(self) -> str:
        return self._stored(0)

    def write_elsewhere(self, words: str) -> None:
        self.page.wait_for_timeout(2500)  # no route sees what a closing page sends
        self._go(1)
        self.field.fill(words)
        expect(self.line).to_have_text("Saved")
        self._go(0)

    def stored_elsewhere(self) -> str:
        return self._stored(1)

    def write_too_much(self) -> str:
        self.field.evaluate(INSERT, TOO_LONG)
        return "characters, and an answer may have 50,000."

    def make_room(self) -> None:
        self.field.fill(self.field.input_value().replace(TOO_LONG, ""))

    def end(self) -> None:
        from common.clock import now

        end_session(user=self.person, session_id=PracticeSession.objects.get().pk, now=now())

    def kept_late(self) -> str:
        self.page.goto(f"{self.address}/summary")
        return self.page.locator("main").text_content() or ""


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
        from common.clock import now

        complete_test(candidate_id=self.person.pk, method=Method.AUTO, now=now())

    def kept_late(self) -> str:
        def late() -> str:
            session = ProctoredSession.objects.get(pk=self.person.pk)
            return "\n".join(r.text for r in session.revisions.filter(reason="late"))

        wait_for(late, self.page)
        return late()

    def sign_out(self) -> None:
        self.page.context.clear_cookies()

    def come_back(self) -> None:
        other = self.page.context.new_page()
        other.goto(self.link)
        other.close()


def enter(page: Page, field: Locator, words: str) -> None:
    """At the end of a text area; what no key types comes as a program pastes it."""
    if "\0" in words:
        field.evaluate(INSERT, words)
    else:
        field.press("Control+End")
        page.keyboard.insert_text(words)


def noise_png(side: int) -> bytes:
    """A square picture that no compression makes smaller: three bytes a pixel."""
    dice = random.Random(7)
    rows = b"".join(b"\0" + dice.randbytes(3 * side) for _ in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 1))
        + chunk(b"IEND", b"")
    )
