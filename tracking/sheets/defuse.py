"""Cells that a spreadsheet would run. `armed(defused(text)) == text` for every text."""

import re

_STARTS_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def defused(text: str) -> str:
    """With a leading apostrophe when the text begins with = + - @ (or with apostrophes before
    one, so that taking one off again is always right)."""
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def armed(text: str) -> str:
    """Without the apostrophe that `defused` put there."""
    return text[1:] if text.startswith("'") and _STARTS_A_FORMULA.match(text) else text
