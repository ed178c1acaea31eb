"""The workspace of a set: its answer, and its board."""

from __future__ import annotations

import base64
import random
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from common.clock import now
from practice.models import Practice, Whiteboard
from practice.models.history import WhiteboardRevisionHistory
from practice.services.completion import complete_session
from tests.browser.saving.places.base import INSERT, TextPlace
from tests.browser.workspace import board_ready, opened

DROP = """async (canvas, picture) => {
    const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], "noise.png", {type: "image/png"}));
    const where = canvas.getBoundingClientRect();
    const at = {clientX: where.x + where.width / 2, clientY: where.y + where.height / 2};
    canvas.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer, ...at}));
}"""


class PracticePlace(TextPlace):
    saves = re.compile(r"/questions/\d+/draft$")

    def __init__(self, page: Page, sign_in: Callable[..., None], session: Any, base: str) -> None:
        super().__init__(page, sign_in, session.user)
        self.session, self.base = session, base

    @property
    def line(self) -> Locator:
        return self.page.locator("[data-save-state]")

    def open(self) -> None:
        self.sign_in(self.page, self.person)
        opened(self.page, self.base)

    def wait_until_open(self) -> None:
        expect(self.page.locator(".workspace[data-ready]")).to_be_visible()

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

    def end(self) -> None:
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
        return str([r.scene for r in WhiteboardRevisionHistory.objects.filter(late=True)])


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
