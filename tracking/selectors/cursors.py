"""The place in a list of logs: (date, id), as opaque text."""

from __future__ import annotations

import base64
import binascii
from datetime import date


def cursor_after(day: date, pk: int) -> str:
    return base64.urlsafe_b64encode(f"{day.isoformat()}.{pk}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[date, int] | None:
    """None when the text is no cursor of ours."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        day, _, pk = text.partition(".")
        if not pk.isdigit() or len(pk) > 18:
            return None
        return date.fromisoformat(day), int(pk)
    except (ValueError, binascii.Error):
        return None
