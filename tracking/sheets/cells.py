"""The cells of one row into a practice log, or into sentences about what is wrong with which."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from common.text import is_storable
from tracking import rules
from tracking.names import name_key
from tracking.sheets import bounds
from tracking.sheets.columns import Columns
from tracking.sheets.defuse import armed

DATE_FORMATS = ("dmy", "mdy")
_NUMERIC_DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_ISO_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")
_WORDY_DATES = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d. %B %Y")


class Wrong(Exception):
    """One cell cannot be read; the text says why. `asks` marks an ambiguous date."""

    def __init__(self, message: str, *, asks: bool = False) -> None:
        super().__init__(message)
        self.asks = asks


@dataclass
class Row:
    """What a row says. `errors` hold `{row, column, message}`; `asks_date_format` when its date
    can be read in two ways."""

    number: int
    skill_name: str = ""
    skill_id: int | None = None
    date_practiced: date | None = None
    duration_minutes: int | None = None
    description: str = ""
    difficulty_rating: int | None = None
    confidence_rating: int | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)
    asks_date_format: bool = False

    @property
    def skill_key(self) -> str:
        return name_key(self.skill_name)

    def blame(self, column: str, message: str) -> None:
        self.errors.append({"row": self.number, "column": column, "message": message})


class RowReader:
    """Reads the rows of one file; `today` is the learner's calendar date."""

    def __init__(self, columns: Columns, *, today: date, date_format: str = "") -> None:
        self.columns = columns
        self.today = today
        self.date_format = date_format

    def read(self, number: int, cells: Sequence[Any]) -> Row:
        row = Row(number)
        for position, cell in enumerate(cells[self.columns.width :], self.columns.width + 1):
            if str(cell if cell is not None else "").strip():
                row.blame(f"column {position}", "There is no header above this cell.")
        self._skill(row, cells)
        row.date_practiced = self._cell(row, cells, "date", self._date)
        row.duration_minutes = self._cell(row, cells, "duration_minutes", _minutes)
        row.description = self._cell(row, cells, "description", _description) or ""
        row.difficulty_rating = self._cell(row, cells, "difficulty", _rating)
        row.confidence_rating = self._cell(row, cells, "confidence", _rating)
        return row

    def _cell(self, row: Row, cells: Sequence[Any], name: str, parse: Callable[[Any], Any]) -> Any:
        position = self.columns.at.get(name)
        if position is None:
            return None
        cell = cells[position] if position < len(cells) else None
        try:
            if isinstance(cell, str):
                _check_text(cell)
            return parse(cell)
        except Wrong as wrong:
            row.blame(self.columns.titles[name], str(wrong))
            row.asks_date_format |= wrong.asks
            return None

    def _skill(self, row: Row, cells: Sequence[Any]) -> None:
        row.skill_id = self._cell(row, cells, "skill_id", _skill_id)
        row.skill_name = self._cell(row, cells, "skill", _skill_name) or ""
        failed = {error["column"] for error in row.errors}
        titles = [self.columns.titles[n] for n in ("skill", "skill_id") if n in self.columns.at]
        if row.skill_id is None and not row.skill_name and not failed & set(titles):
            row.blame(titles[0], "This is required.")

    def _date(self, cell: Any) -> date:
        day = self._any_date(cell)
        if wrong := rules.wrong_date(day, today=self.today):
            raise Wrong(wrong)
        return day

    def _any_date(self, cell: Any) -> date:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        text = _text(cell)
        if not text:
            raise Wrong("This is required.")
        if moment := _ISO_MOMENT.fullmatch(text):
            text = moment[1]
        if parts := _NUMERIC_DATE.fullmatch(text):
            return self._numeric_date(text, parts)
        return _wordy_date(text)

    def _numeric_date(self, text: str, parts: re.Match[str]) -> date:
        first, second, third = int(parts[1]), int(parts[3]), int(parts[4])
        if len(parts[1]) == 4:
            return _made(text, first, second, third)
        if len(parts[4]) != 4:
            raise Wrong(f"“{text}” needs a year of four digits, as in 2026-03-01.")
        if self.date_format == "dmy":
            return _made(text, third, second, first)
        if self.date_format == "mdy":
            return _made(text, third, first, second)
        if first <= 12 and second <= 12 and first != second:
            raise Wrong(
                f"“{text}” can be day/month or month/day. Say which: date_format dmy or mdy.",
                asks=True,
            )
        return (
            _made(text, third, second, first) if first > 12 else _made(text, third, first, second)
        )


def _made(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Wrong(f"“{text}” is no date.") from error


def _wordy_date(text: str) -> date:
    for pattern in _WORDY_DATES:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date, no moment
        except ValueError:
            continue
    raise Wrong(f"“{text[:40]}” is no date. Write it as 2026-03-01.")


def _check_text(cell: str) -> None:
    if len(cell) > bounds.MOST_CELL_CHARACTERS:
        raise Wrong(f"This cell has {len(cell)} characters; that is too many.")
    if not is_storable(cell):
        raise Wrong("This text has characters that cannot be stored.")


def _text(cell: Any) -> str:
    return armed(str(cell)).strip() if cell is not None else ""


def _minutes(cell: Any) -> int:
    if cell is None or _text(cell) == "":
        raise Wrong("This is required.")
    minutes = _whole(cell, "Write whole minutes, such as 90 for an hour and a half.")
    if wrong := rules.wrong_minutes(minutes):
        raise Wrong(wrong)
    return minutes


def _rating(cell: Any) -> int | None:
    if cell is None or _text(cell) == "":
        return None
    rating = _whole(cell, "Must be a whole number from 1 to 5, or empty.")
    if wrong := rules.wrong_rating(rating):
        raise Wrong(wrong)
    return rating


def _whole(cell: Any, otherwise: str) -> int:
    """An integer from a cell; Excel keeps every number as a float."""
    if isinstance(cell, bool):
        raise Wrong(otherwise)
    if isinstance(cell, (int, float)):
        if cell != cell or cell in (float("inf"), float("-inf")) or cell != int(cell):
            raise Wrong(otherwise)
        return int(cell)
    text = _text(cell)
    if not re.fullmatch(r"-?[0-9]{1,9}(\.0+)?", text):
        raise Wrong(otherwise)
    return int(text.split(".")[0])


def _description(cell: Any) -> str:
    text = _text(cell)
    if not text:
        raise Wrong("This is required.")
    if wrong := rules.wrong_description(text):
        raise Wrong(wrong)
    return text


def _skill_name(cell: Any) -> str:
    name = armed(str(cell)) if cell is not None else ""
    if not name.strip():
        return ""
    if wrong := rules.wrong_name(name):
        raise Wrong(wrong)
    return name


def _skill_id(cell: Any) -> int | None:
    if cell is None or _text(cell) == "":
        return None
    return _whole(cell, "Must be the number of one of your skills.")
