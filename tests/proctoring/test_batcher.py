"""Who waits for a shared statement: nobody is asked to lead who has already gone to Django."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from sessions_app.proctoring.hot import batcher
from sessions_app.proctoring.hot.batcher import Batcher, Slot


class Slow(Batcher[str, str]):
    """Its first statement lasts until it is let go; it answers what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way = threading.Event()
        self.let_go = threading.Event()

    def statement(self, server: Any) -> str:
        return "SELECT 1"

    def parameters(self, sent: list[str]) -> dict[str, list[Any]]:
        return {}

    def fill(self, batch: list[Slot[str, str]]) -> None:
        self.under_way.set()
        assert self.let_go.wait(10)
        for slot in batch:
            slot.row = slot.sent


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    monkeypatch.setattr(batcher, "LONGEST_WAIT", 0.05)
    writer = Slow()
    yield writer
    writer.let_go.set()


def test_after_one_who_gave_up_waiting_the_next_ones_still_share_a_statement(slow: Slow) -> None:
    answers: list[str | None] = []
    first = threading.Thread(target=lambda: answers.append(slow.write("first")))
    first.start()
    assert slow.under_way.wait(10)

    assert slow.write("gives up") is None
    slow.let_go.set()
    first.join(10)

    assert answers == ["first"]
    assert slow.write("later") == "later"
