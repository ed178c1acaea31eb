"""When two names or addresses are the same to a reader.

People sign in with either, and see each other's: `Ana`, in wide letters or with a Cyrillic one, is
the same. Look-alikes are mapped to ASCII only: `rn` and `m`, or `1` and `l`, stay different, since
both are in honest names. `User.name_key` and `User.email_key` store the key, each unique.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from confusable_homoglyphs.confusables import confusables_data

from common.text import DRAWN_AS_NOTHING, normalized

# Above what a name (150) or an address (254) may have.
LONGEST = 300

# Unicode's list has no ASCII letter for most small capitals, which are drawn as capitals are.
SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")
# The palochka is a bar: Unicode's list says i of the small one, l of the capital, which fold.
DRAWN_AS = {"\u04cf": "l"}


def key_of(text: str) -> str:
    """What is compared: NFKC, case folded, without invisible characters, look-alikes as ASCII."""
    folded = normalized(text, longest=LONGEST).casefold()
    seen = "".join(_seen_as(c) for c in folded if not is_invisible(c))
    return normalized(seen, longest=18 * LONGEST).casefold()


def has_invisible(text: str) -> bool:
    return any(is_invisible(c) for c in text)


def is_invisible(char: str) -> bool:
    return (
        unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}
        or char in DRAWN_AS_NOTHING
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def is_mark(char: str) -> bool:
    """A vowel sign or an accent of its own."""
    return unicodedata.category(char).startswith("M")


def mixes_look_alikes(text: str) -> bool:
    """Latin letters beside those of another script that look like some: nobody writes so."""
    normal = normalized(text, longest=LONGEST).casefold()
    is_latin = re.search(r"[a-z]", normal) is not None
    return is_latin and any(_seen_as(c) != c and not _is_latin(c) for c in normal)


def _is_latin(char: str) -> bool:
    return unicodedata.name(char, "").startswith("LATIN")


@cache
def _seen_as(char: str) -> str:
    """The ASCII letter or digit that a character looks like, as itself or as its capital."""
    if char.isascii():
        return char
    if small := SMALL_CAPITAL.fullmatch(unicodedata.name(char, "")):
        return small[1].lower()
    if char in DRAWN_AS:
        return DRAWN_AS[char]
    for form in (char, char.upper()):
        glyphs = [entry["c"] for entry in confusables_data.get(form, ())]
        plain = sorted(
            (g.lower() for g in glyphs if len(g) == 1 and g.isascii() and g.isalnum()),
            # Of i, l and 1 the letters first.
            key=lambda g: (g.isdigit(), g),
        )
        if plain:
            return plain[0]
    return char
