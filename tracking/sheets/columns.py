"""What each column of a file is: case, blanks and hyphens of titles are ignored.

The long names of the API are synonyms, exports of other trackers are known (`presets`), and the
learner may say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from common.errors import Invalid
from common.sheets.texts import plain_title
from tracking.sheets import presets
from tracking.sheets.durations import Hint

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
# Titles of a duration, the best first, and what each says of its numbers.
DURATIONS = {
    "duration_minutes": Hint("minutes"),
    "duration_(minutes)": Hint("minutes"),
    "duration_(min)": Hint("minutes"),
    "minutes": Hint("minutes"),
    "duration_(h)": Hint("hours", "hm"),
    "duration_(decimal)": Hint("hours"),
    "duration_(hours)": Hint("hours", "hm"),
    "duration_hours": Hint("hours", "hm"),
    "hours": Hint("hours", "hm"),
    "duration_seconds": Hint("seconds"),
    "seconds": Hint("seconds"),
    "duration": Hint(),
}


@dataclass(frozen=True)
class Columns:
    """`at` gives the position of each known column, `titles` its name as the file writes it.

    `preset` is the tracker whose export this is, if any; `spread` how one row of it holds several
    sessions."""

    at: dict[str, int]
    titles: dict[str, str]
    ignored: list[str]
    width: int
    hint: Hint = Hint()
    preset: presets.Preset | None = None
    spread: presets.Spread | None = None
    mapping: dict[str, str] = field(default_factory=dict)

    @property
    def sessions_a_row(self) -> int:
        return len(self.spread.skills) if self.spread else 1


def known_columns(header: Sequence[str]) -> int:
    plain = [plain_title(name) for name in header]
    return sum(name in NAMES or name in DURATIONS or name in presets.TITLES for name in plain)


def columns_of(
    header: Sequence[str],
    *,
    said: Mapping[str, str] | None = None,
    sample: Sequence[Sequence[object]] = (),
    skill: str = "",
) -> Columns:
    """`said` is the learner's word: column of ours to title of the file; `skill` that of rows that
    name none. `sample` are first rows, by which some exports are known. Raises Invalid when a
    column is missing or named twice."""
    is_wide = presets.is_wide(header)
    own = {} if is_wide else _own(header, said or {})
    if (is_wide or said or _missing(own)) and (
        spread := presets.spread_of(header, sample, said=said or {})
    ):
        return _spread(header, spread)
    preset = presets.preset_of(header)
    if said:
        return _complete(header, _chosen(header, own, preset, said), preset, skill=skill)
    if _missing(own) and preset:
        return _complete(header, _titled(header, preset.fields), preset, skill=skill)
    return _complete(header, own, None, skill=skill)


def recognized(header: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    """What is known of a header that is not enough: column of ours to title of the file."""
    names = {plain_title(title): title for title in reversed(header)}
    known = {name: names[plain] for plain, name in NAMES.items() if plain in names}
    durations = [names[plain] for plain in DURATIONS if plain in names]
    known |= {"duration_minutes": durations[0]} if durations else {}
    return {name: title for name, title in (known | {**said}).items() if title in header}


def _own(header: Sequence[str], said: Mapping[str, str]) -> dict[str, int]:
    at: dict[str, int] = {}
    for position, title in enumerate(header):
        name = NAMES.get(plain_title(title))
        if name is None or name in said:
            continue
        if name in at:
            raise refuse(
                f"The columns “{header[at[name]]}” and “{title}” mean the same.", "missing_columns"
            )
        at[name] = position
    if "duration_minutes" not in at and "duration_minutes" not in said:
        # One only: an hour and thirty minutes may stand in two columns.
        found = [n for n, title in enumerate(header) if plain_title(title) in DURATIONS]
        if len(found) == 1:
            at["duration_minutes"] = found[0]
    return at


def _titled(header: Sequence[str], fields: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The first title of each list that the header has."""
    plain = [plain_title(title) for title in header]
    found = {}
    for name, titles in fields.items():
        if title := next((t for t in titles if t in plain), None):
            found[name] = plain.index(title)
    return found


def _chosen(
    header: Sequence[str],
    own: dict[str, int],
    preset: presets.Preset | None,
    said: Mapping[str, str],
) -> dict[str, int]:
    """What the learner said, above what is recognized; "" leaves a column out."""
    at = _titled(header, preset.fields) if preset and _missing(own) else own
    unknown = sorted(name for name in said if name not in (*EXPORTED, "skill_id"))
    if unknown:
        raise _bad_columns(f"There is no column “{unknown[0]}” here.")
    for name, title in said.items():
        at.pop(name, None)
        if not title:
            continue
        plain = [plain_title(each) for each in header]
        if plain_title(title) not in plain:
            raise _bad_columns(f"This file has no column “{title[:100]}”.")
        at[name] = plain.index(plain_title(title))
    return at


def _bad_columns(sentence: str) -> Invalid:
    return Invalid(sentence, code="missing_columns", fields={"columns": [sentence]})


def _missing(at: Mapping[str, int], *, described: bool = False, skill: str = "") -> list[str]:
    missing = [name for name in REQUIRED if name not in at]
    if described and "description" in missing:
        missing.remove("description")
    return missing if skill or "skill" in at or "skill_id" in at else ["skill", *missing]


def _complete(
    header: Sequence[str], at: dict[str, int], preset: presets.Preset | None, *, skill: str
) -> Columns:
    if missing := _missing(at, described=preset is not None, skill=skill):
        names = ", ".join(f"“{name}”" for name in missing)
        raise refuse(f"Missing in the header row: {names}.", "missing_columns")
    titles = {name: header[position] for name, position in at.items()}
    ignored = [t[:200] for n, t in enumerate(header) if t and n not in at.values()]
    hint = DURATIONS.get(plain_title(titles["duration_minutes"]), Hint())
    return Columns(at, titles, ignored, len(header), hint, preset, mapping=titles)


def _spread(header: Sequence[str], spread: presets.Spread) -> Columns:
    titles = {"date": header[0], "skill": "skill"}
    return Columns(
        at={"date": 0},
        titles=titles,
        ignored=list(spread.ignored),
        width=len(header),
        hint=replace(Hint(), unit=spread.unit),
        preset=spread.preset,
        spread=spread,
        mapping={"date": header[0], "skill": spread.section, "duration_minutes": spread.section},
    )


def refuse(sentence: str, code: str = "unreadable_file") -> Invalid:
    """The refusal of a whole file."""
    return Invalid(sentence, code=code, fields={"file": [sentence]})
