"""`unescape_formula(escape_formula(text)) == text` for every text."""

import re

# Also the wide forms, which some spreadsheets take for the plain ones, and what they skip.
_STARTS_A_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - wide forms are meant


def escape_formula(text: str) -> str:
    """With a leading apostrophe when the text begins with = + - @ (or with apostrophes before
    one, so that taking one off again is always right)."""
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """Without the apostrophe that `escape_formula` put there."""
    return text[1:] if text.startswith("'") and _STARTS_A_FORMULA.match(text) else text
