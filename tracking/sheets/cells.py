"""The cells of one row into a practice log, or into an error for each cell that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from math import isfinite
from typing import Any

from common.sheets import unescape_formula
from common.text import is_storable
from tracking import rules
from tracking.names import name_key
from tracking.sheets import bounds
from tracking.sheets.columns import Columns

DATE_FORMATS = ("dmy", "mdy")
_NUMERIC_DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_ISO_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")
LONGEST_DATE = 40
_WORDY_DATES = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d. %B %Y")


class CellError(Exception):
    """One cell cannot be read; the text says why. `asks` marks an ambiguous date."""

    def __init__(self, message: str, *, asks: bool = False) -> None:
        super().__init__(message)
        self.asks = asks


@dataclass
class Row:
    """A parsed row: `facts` are columns of PracticeLog. `errors` hold `{row, column, message}`;
    `asks_date_format` when its date can be read in two ways."""

    number: int
    skill_name: str = ""
    skill_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    asks_date_format: bool = False

    @property
    def skill_key(self) -> str:
        return name_key(self.skill_name)

    def add_error(self, column: str, message: str) -> None:
        self.errors.append({"row": self.number, "column": column, "message": message})


class RowReader:
    """Reads the rows of one file; `today` is the learner's calendar date."""

    def __init__(self, columns: Columns, *, today: date, date_format: str = "") -> None:
        self.columns = columns
        self.today = today
        self.date_format = date_format

    def read(self, number: int, cells: Sequence[Any]) -> Row:
        row = Row(number)
        loose = enumerate(cells[self.columns.width :], self.columns.width + 1)
        named = ((n, cell) for n, cell in loose if not _is_blank(cell))
        for position, _ in islice(named, bounds.MOST_LOOSE_CELLS):
            row.add_error(f"column {position}", "There is no header above this cell.")
        row.skill_id = self._cell(row, cells, "skill_id", _skill_id)
        row.skill_name = self._cell(row, cells, "skill", _skill_name) or ""
        titles = [self.columns.titles[n] for n in ("skill", "skill_id") if n in self.columns.at]
        failed = any(error["column"] in titles for error in row.errors)
        if row.skill_id is None and not row.skill_name and not failed:
            row.add_error(titles[0], "This is required.")
        row.facts = {
            "date_practiced": self._cell(row, cells, "date", self._date),
            "duration_minutes": self._cell(row, cells, "duration_minutes", _minutes),
            "description": self._cell(row, cells, "description", _description) or "",
            "difficulty_rating": self._cell(row, cells, "difficulty", _rating),
            "confidence_rating": self._cell(row, cells, "confidence", _rating),
        }
        return row

    def _cell(self, row: Row, cells: Sequence[Any], name: str, parse: Callable[[Any], Any]) -> Any:
        position = self.columns.at.get(name)
        if position is None:
            return None
        cell = cells[position] if position < len(cells) else None
        try:
            if isinstance(cell, str) and len(cell) > bounds.MOST_CELL_CHARACTERS:
                raise CellError(f"This cell has {len(cell)} characters; that is too many.")
            if isinstance(cell, str) and not is_storable(cell):
                raise CellError("This text has characters that cannot be stored.")
            return parse(cell)
        except CellError as error:
            row.add_error(self.columns.titles[name], str(error))
            row.asks_date_format |= error.asks
            return None

    def _date(self, cell: Any) -> date:
        if isinstance(cell, date):
            day = cell.date() if isinstance(cell, datetime) else cell
        else:
            text = _required(cell)
            if moment := _ISO_MOMENT.fullmatch(text):
                text = moment[1]
            parts = _NUMERIC_DATE.fullmatch(text)
            day = self._numeric_date(text, parts) if parts else _wordy_date(text)
        return _obeying(day, rules.wrong_date(day, today=self.today))

    def _numeric_date(self, text: str, parts: re.Match[str]) -> date:
        first, second, third = int(parts[1]), int(parts[3]), int(parts[4])
        if len(parts[1]) == 4:
            return _made(text, first, second, third)
        if len(parts[4]) != 4:
            raise CellError(f"“{text}” needs a year of four digits, as in 2026-03-01.")
        is_open = not self.date_format and first != second
        if is_open and first <= 12 and second <= 12:
            raise CellError(
                f"“{text}” can be day/month or month/day. Say which: date_format dmy or mdy.",
                asks=True,
            )
        day_first = first > 12 if is_open else self.date_format != "mdy"
        return _made(text, third, *((second, first) if day_first else (first, second)))


def _made(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellError(f"“{text}” is no date.") from error


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _wordy_date(text: str) -> date:
    for pattern in _WORDY_DATES if len(text) <= LONGEST_DATE else ():
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date, no moment
        except ValueError:
            continue
    raise CellError(f"“{text[:40]}” is no date. Write it as 2026-03-01.")


def _text(cell: Any) -> str:
    return unescape_formula(str(cell)).strip() if cell is not None else ""


def _required(cell: Any) -> str:
    if text := _text(cell):
        return text
    raise CellError("This is required.")


def _obeying(value: Any, wrong: str | None) -> Any:
    if wrong:
        raise CellError(wrong)
    return value


def _minutes(cell: Any) -> int:
    _required(cell)
    minutes = _whole(cell, "Write whole minutes, such as 90 for an hour and a half.")
    return _obeying(minutes, rules.wrong_minutes(minutes))


def _rating(cell: Any) -> int | None:
    if not _text(cell):
        return None
    rating = _whole(cell, "Must be a whole number from 1 to 5, or empty.")
    return _obeying(rating, rules.wrong_rating(rating))


def _whole(cell: Any, otherwise: str) -> int:
    """An integer from a cell; Excel stores every number as a float."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if isinstance(cell, int) or (isfinite(cell) and cell == int(cell)):
            return int(cell)
    elif re.fullmatch(r"-?[0-9]{1,9}(\.0+)?", text := _text(cell)):
        return int(text.split(".")[0])
    raise CellError(otherwise)


def _description(cell: Any) -> str:
    text = _required(cell)
    return _obeying(text, rules.wrong_description(text))


def _skill_name(cell: Any) -> str:
    name = unescape_formula(str(cell)) if cell is not None else ""
    return _obeying(name, rules.wrong_name(name)) if name.strip() else ""


def _skill_id(cell: Any) -> int | None:
    if not _text(cell):
        return None
    return _whole(cell, "Must be the number of one of your skills.")
