"""When two skill names are the same name."""

import unicodedata

LONGEST_NAME = 100
LONGEST_KEY = 200


def name_key(name: str) -> str:
    """NFKC, case-folded, blanks as one: "ＲＥＡＣＴ " and "React" are one skill. Computed in
    Python because SQLite's `lower()` knows ASCII only."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
