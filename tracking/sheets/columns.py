"""Maps the columns of a file. Header case is ignored; the long names of the API are synonyms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.errors import Invalid

# The column of a file for each of tracking.models.logs.FACTS.
FACT_COLUMNS = {
    "date_practiced": "date",
    "duration_minutes": "duration_minutes",
    "description": "description",
    "difficulty_rating": "difficulty",
    "confidence_rating": "confidence",
}
EXPORTED = ("skill", *FACT_COLUMNS.values())
NAMES = {name: name for name in (*EXPORTED, "skill_id")} | FACT_COLUMNS
REQUIRED = ("date", "duration_minutes", "description")


@dataclass(frozen=True)
class Columns:
    """`at` gives the position of each known column, `titles` its name as the file writes it."""

    at: dict[str, int]
    titles: dict[str, str]
    ignored: list[str]
    width: int


def known_columns(header: Sequence[str]) -> int:
    return sum(_plain(name) in NAMES for name in header)


def columns_of(header: Sequence[str]) -> Columns:
    """Raises Invalid when a column is missing or named twice."""
    at: dict[str, int] = {}
    titles: dict[str, str] = {}
    ignored: list[str] = []
    for position, title in enumerate(header):
        name = NAMES.get(_plain(title))
        if name is None:
            if title:
                ignored.append(title[:200])
            continue
        if name in at:
            raise refuse(
                f"The columns “{titles[name]}” and “{title}” mean the same.", "missing_columns"
            )
        at[name], titles[name] = position, title
    missing = [name for name in REQUIRED if name not in at]
    if "skill" not in at and "skill_id" not in at:
        missing.insert(0, "skill")
    if missing:
        names = ", ".join(f"“{name}”" for name in missing)
        raise refuse(f"Missing in the header row: {names}.", "missing_columns")
    return Columns(at, titles, ignored, len(header))


def refuse(sentence: str, code: str = "unreadable_file") -> Invalid:
    """The refusal of a whole file."""
    return Invalid(sentence, code=code, fields={"file": [sentence]})


def _plain(title: str) -> str:
    return title.strip().lstrip("\ufeff").casefold().replace(" ", "_")
