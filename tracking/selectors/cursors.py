"""Keyset pages of logs, and the place in their list: (date, id), as opaque text."""

from __future__ import annotations

import base64
import binascii
from datetime import date

from common.text import whole_number
from tracking.models import PracticeLog
from tracking.querysets import PracticeLogQuerySet


def page_after(
    logs: PracticeLogQuerySet, place: tuple[date, int] | None, size: int
) -> tuple[list[PracticeLog], str]:
    """The next logs, newest first, and the cursor of the page after them, empty on the last."""
    if place is not None:
        logs = logs.older_than(*place)
    # One more row than the page shows tells whether there is a next page; nothing is counted.
    rows = list(logs.newest_first()[: size + 1])
    if len(rows) <= size:
        return rows, ""
    last = rows[size - 1]
    text = f"{last.date_practiced.isoformat()}.{last.pk}"
    return rows[:size], base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[date, int] | None:
    """None for a text that is no valid cursor."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        day, _, pk = text.partition(".")
        number = whole_number(pk)
        return None if number is None else (date.fromisoformat(day), number)
    except (ValueError, binascii.Error):
        return None
