from __future__ import annotations

import json
from typing import Any


class PlainEncoder(json.JSONEncoder):
    r"""For JSON columns of people's words: letters as themselves, not as `\uXXXX`, which takes
    up to three times the room on SQLite. PostgreSQL stores both alike."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


def bytes_of_json(value: Any) -> int:
    """The bytes of a value in such a column, as the database writes it out."""
    return len(PlainEncoder().encode(value).encode())
