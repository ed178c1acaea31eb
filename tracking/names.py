"""When two skill names are the same name."""

from common.text import normalized

LONGEST_NAME = 100
LONGEST_KEY = 200
MOST_COMPARED = 1000  # of what is sent: blanks are joined before a name is measured


def name_key(name: str) -> str:
    """NFKC, case-folded, blanks as one: "ＲＥＡＣＴ " and "React" are one skill. Computed in
    Python because SQLite's `lower()` knows ASCII only."""
    folded = normalized(name, longest=MOST_COMPARED).casefold()
    return " ".join(normalized(folded, longest=18 * MOST_COMPARED).split())
