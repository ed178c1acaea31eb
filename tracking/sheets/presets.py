"""The exports of other trackers: how each is recognized, and which of its columns are ours.

Toggl Track and Clockify: the CSV of the detailed report, a row for each entry. WakaTime: its export
(`wakatime`) or the CSV that its tool wakadump makes of one, a row for each day with a column of
seconds for each project, file, language. Loop Habit Tracker: Checkmarks.csv, a row for each day
with a column for each habit, or with the one habit of its folder and notes; the marks are words
(numbers in older versions), amounts are numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from common.errors import Invalid
from common.sheets.texts import is_blank_cell, plain_title


@dataclass(frozen=True, slots=True)
class Preset:
    """`name` in the API, `label` for people; `needs` are titles of which every group has one."""

    name: str
    label: str
    needs: tuple[tuple[str, ...], ...] = ()
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spread:
    """A row holds a day, and each of `skills` (position and title) may be a session of it.

    `section` is the title above them that was chosen of `sections`; `unit` that of the numbers;
    `checks` are the marks that mean "done" without saying how long, `nothing` those of no session.
    `notes` is the position of what was written about a day; `is_named` says whether the titles are
    names of skills.
    """

    preset: Preset
    skills: tuple[tuple[int, str], ...]
    section: str
    sections: tuple[str, ...]
    unit: str
    checks: frozenset[str]
    nothing: frozenset[str]
    ignored: tuple[str, ...] = ()
    notes: int | None = None
    is_named: bool = True


_ENTRY = {"skill": ("project",), "date": ("start_date",), "description": ("description",)}
TOGGL = Preset(
    "toggl",
    "Toggl Track",
    (("description",), ("start_date",), ("start_time",), ("duration",), ("project",)),
    {**_ENTRY, "duration_minutes": ("duration",)},
)
CLOCKIFY = Preset(
    "clockify",
    "Clockify",
    (("project",), ("start_date",), ("duration_(h)", "duration_(decimal)")),
    {**_ENTRY, "duration_minutes": ("duration_(h)", "duration_(decimal)")},
)
WAKATIME = Preset("wakatime", "WakaTime")
LOOP = Preset("loop", "Loop Habit Tracker")
PRESETS = {preset.name: preset for preset in (TOGGL, CLOCKIFY, WAKATIME, LOOP)}
SPREAD = (WAKATIME.name, LOOP.name)
TITLES = {title for p in (TOGGL, CLOCKIFY) for group in p.needs for title in group}

_WAKA_TOTAL = "total_logged_seconds"
_WAKA_SECTIONS = ("LANGUAGES", "PROJECTS", "FILES", "EDITORS", "OPERATING SYSTEMS")
_WORDS = frozenset({"YES_MANUAL", "YES_AUTO", "NO", "SKIP", "UNKNOWN"})
_DIGITS = frozenset({"-1", "0", "1", "2", "3"})


def preset_of(header: Sequence[str]) -> Preset | None:
    """The tracker with a row for each entry whose export has these titles."""
    plain = {plain_title(title) for title in header}
    for preset in (CLOCKIFY, TOGGL):
        if all(plain.intersection(group) for group in preset.needs):
            return preset
    return None


def is_wide(header: Sequence[str]) -> bool:
    """The export of WakaTime has a column for every file that was ever open."""
    return [plain_title(title) for title in header[:2]] == ["date", _WAKA_TOTAL]


def spread_of(
    header: Sequence[str], sample: Sequence[Sequence[object]], *, said: Mapping[str, str]
) -> Spread | None:
    """How a row is spread; None for a file with a row for each session. Raises Invalid."""
    if is_wide(header):
        return _wakatime(header, said.get("skill", ""))
    if plain_title(header[0]) != "date" or said:
        return None
    is_one = [plain_title(title) for title in header] == ["date", "value", "notes"]
    if not header[-1] and any(row and len(row) != len(header) for row in sample):
        # Loop writes names without quotes: one with a comma moves the columns after it.
        sentence = "A habit has a comma in its name. Rename it in Loop and export again."
        raise Invalid(sentence, code="unreadable_file", fields={"file": [sentence]})
    titled = enumerate(header[:2] if is_one else header)
    habits = tuple((n, title) for n, title in titled if n and title)
    marks = {_mark(row, n) for row in sample for n, _ in habits} - {""}
    if marks & _WORDS:
        done, nothing = {"YES_MANUAL"}, _WORDS - {"YES_MANUAL"}
    elif marks and marks <= _DIGITS:
        done, nothing = {"2"}, _DIGITS - {"2"}
    else:
        return None
    spread = Spread(LOOP, habits, "habits", ("habits",), "", frozenset(done), nothing)
    return replace(spread, notes=2, is_named=False) if is_one else spread


def _mark(row: Sequence[object], position: int) -> str:
    cell = row[position] if position < len(row) else None
    return "" if is_blank_cell(cell) else str(cell).strip()


def _wakatime(header: Sequence[str], chosen: str) -> Spread:
    starts = {t: n for n, t in enumerate(header) if t in _WAKA_SECTIONS}
    sections = tuple(title for title in _WAKA_SECTIONS if title in starts)
    section = chosen or next(iter(sections), "")
    if section not in starts:
        sentence = f"This file has no columns “{section[:100]}”."
        raise Invalid(sentence, code="missing_columns", fields={"columns": [sentence]})
    following = [n for n in starts.values() if n > starts[section]]
    until = min(following, default=len(header))
    skills = tuple((n, header[n]) for n in range(starts[section] + 1, until) if header[n])
    ignored = tuple(title for title in header if title in starts and title != section)
    return Spread(WAKATIME, skills, section, sections, "seconds", frozenset(), frozenset(), ignored)
