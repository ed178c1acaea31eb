"""Types of command arguments for argparse's `type=`: a bad value is named, exit code 2."""

from __future__ import annotations

import argparse
from datetime import date

from common.text import whole_number


def at_least_one(text: str) -> int:
    return _whole(text, "a whole number, at least 1")


def row_id(text: str) -> int:
    return _whole(text, "an id: a whole number from 1")


def row_ids(text: str) -> list[int]:
    """Separated by commas."""
    return [row_id(one.strip()) for one in text.split(",")]


def seconds(text: str) -> float:
    """More than nothing, and not more than a day."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError("must be seconds, more than 0 and at most 86400")
    return value


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a day like 2026-01-31") from error


def _whole(text: str, words: str) -> int:
    number = whole_number(text)
    if not number:
        raise argparse.ArgumentTypeError(f"must be {words}")
    return number
