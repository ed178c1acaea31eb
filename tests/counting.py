"""Counts what a function does, not how long it takes: calls of Python and C functions, and resumed
generators. A test of growth by counts gives the same answer on a busy machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls_of(work: Callable[[], Any]) -> int:
    count = 0

    def note(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def growth(work_of: Callable[[int], Callable[[], Any]], size: int) -> list[float]:
    """How many times more calls twice and four times the size take; 2 and 4 are linear."""
    for each in (size, 2 * size, 4 * size):
        work_of(each)()  # what is read or compiled once
    first, *more = [calls_of(work_of(each)) for each in (size, 2 * size, 4 * size)]
    return [calls / first for calls in more]
