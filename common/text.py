"""What text and JSON can be stored anywhere: PostgreSQL refuses NUL and lone surrogates, SQLite
does not. JSON that is nested too deep could be stored, but not written out again."""

import unicodedata
from typing import Any, NamedTuple

from django.template.defaultfilters import filesizeformat

# orjson reads 1,024 levels and writes 254.
MAX_JSON_LEVELS = 64
BAD_TEXT = "This text has characters that cannot be stored."
# Letters and marks that are drawn as nothing: Hangul fillers, the empty Braille pattern, and such.
DRAWN_AS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# PostgreSQL keeps all digits of 1e300, which come back as an integer that orjson does not write.
NUMBERS_END = float(2**63)
LARGEST_INTEGER = 2**63 - 1  # what a bigint column holds
TOO_GREAT = "This number is too great to be stored."
TOO_DEEP = f"JSON may be nested at most {MAX_JSON_LEVELS} levels deep."


class Unstorable(NamedTuple):
    where: str  # "key.0.key", "" at the root
    why: str


def bytes_in_words(size: int) -> str:
    """1536 is "1.5 KB"; KB, MB and GB are powers of 1,024."""
    return filesizeformat(size).replace("\xa0", " ").replace(".0 ", " ")


def whole_number(text: str) -> int | None:
    """The number of ASCII digits that a bigint column can hold, else None.

    The length comes first: Python's `int` raises ValueError above 4,300 digits.
    """
    if not (len(text) < 20 and text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= LARGEST_INTEGER else None


def normalized(text: str, *, longest: int) -> str:
    """NFKC of the first `longest` characters: for comparing names and titles.

    Normalizing sorts each run of combining marks by insertion, which is quadratic, and can make
    eighteen characters of one. Whoever compares says how long what is compared can be; a longer
    text is another one anyway.
    """
    return unicodedata.normalize("NFKC", text[:longest])


def is_storable(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or _has_utf8(text))


def is_blank(text: str) -> bool:
    """Nothing in it can be seen: white space, control, format and filler characters only."""
    return all(unicodedata.category(char)[0] in "ZC" or char in DRAWN_AS_NOTHING for char in text)


def _has_utf8(text: str) -> bool:
    """Only a lone surrogate has none; the encoder finds it 100 times faster than a loop here."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def find_unstorable(value: Any, levels: int = MAX_JSON_LEVELS) -> Unstorable | None:
    """The first thing in a JSON value that cannot be stored, or None."""
    if isinstance(value, str):
        return None if is_storable(value) else Unstorable("", BAD_TEXT)
    if isinstance(value, float):
        return None if abs(value) < NUMBERS_END else Unstorable("", TOO_GREAT)
    items: Any
    if isinstance(value, dict):
        if not all(is_storable(str(key)) for key in value):
            return Unstorable("", BAD_TEXT)
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return None
    if levels == 0:
        return Unstorable("", TOO_DEEP)
    for key, item in items:
        found = find_unstorable(item, levels - 1)
        if found is not None:
            return found._replace(where=f"{key}.{found.where}" if found.where else str(key))
    return None
