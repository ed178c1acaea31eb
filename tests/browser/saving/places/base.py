"""What a place of writing can do, and what those with a text area share."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

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


class TextPlace(Place):
    """Words are written into one text area."""

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Your answer")

    def write(self, words: str) -> None:
        enter(self.page, self.field, words)

    def holds(self, words: str) -> None:
        expect(self.field).to_have_value(re.compile(re.escape(words)))

    def write_too_much(self) -> str:
        self.field.evaluate(INSERT, TOO_LONG)
        return "characters, and an answer may have 50,000."

    def make_room(self) -> None:
        self.field.fill(self.field.input_value().replace(TOO_LONG, ""))


def enter(page: Page, field: Locator, words: str) -> None:
    """At the end of a text area; what no key types comes as a program pastes it."""
    if "\0" in words:
        field.evaluate(INSERT, words)
    else:
        field.press("Control+End")
        page.keyboard.insert_text(words)
