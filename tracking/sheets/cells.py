"""The cells of one row into practice logs, or into an error for each cell that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import isfinite
from typing import Any

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from common.sheets import unescape_formula
from common.sheets.texts import is_blank_cell, unix_lines
from common.text import is_storable
from tracking import rules
from tracking.models.logs import FACTS
from tracking.names import name_key
from tracking.sheets import bounds
from tracking.sheets.answers import QUESTIONS, Answers
from tracking.sheets.columns import Columns
from tracking.sheets.durations import Ambiguous, read_minutes
from tracking.sheets.errors import CellError
from tracking.sheets.moments import DayOf, read_day
from tracking.sheets.presets import Preset

_NO_MINUTES = "Write whole minutes, such as 90, or with a unit: 1:30:00, 1 h 30 min."
_EXCEL_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
# Days since 1900 as Excel counts them, 1927 to 2173: no year and no small number looks so.
_SERIALS = range(10_000, 100_000)


@dataclass
class Row:
    """A parsed session: `facts` are columns of PracticeLog. `errors` hold `{row, column, message}`;
    `asks` the questions that are open in it."""

    number: int
    skill_name: str = ""
    skill_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    asks: set[str] = field(default_factory=set)

    @property
    def skill_key(self) -> str:
        return name_key(self.skill_name)

    def add_error(self, column: str, message: str) -> None:
        self.errors.append({"row": self.number, "column": column, "message": message})


class RowReader:
    """Reads the rows of one file; `today` is the learner's calendar date, `day_of` says on which
    day of theirs a moment was."""

    def __init__(
        self,
        columns: Columns,
        *,
        today: date,
        day_of: DayOf,
        answers: Answers | None = None,
        epoch: datetime = WINDOWS_EPOCH,
    ) -> None:
        self.columns = columns
        self.today = today
        self.day_of = day_of
        said = answers or Answers()
        # What programs write a day a row of has points for decimals, wherever they run.
        self.answers = replace(said, number_format="point") if columns.spread else said
        self.epoch = epoch
        # Sessions shorter than half a minute in a file with many sessions a row.
        self.left_out = 0

    def sessions(self, number: int, cells: Sequence[Any]) -> Iterator[Row]:
        """The sessions of one row of the file: one, unless the file spreads them."""
        if self.columns.spread is None:
            yield self.read(number, cells)
        else:
            yield from self._spread(number, cells)

    def read(self, number: int, cells: Sequence[Any]) -> Row:
        row = Row(number)
        loose = enumerate(cells[self.columns.width :], self.columns.width + 1)
        named = ((n, cell) for n, cell in loose if not is_blank_cell(cell))
        for position, _ in islice(named, bounds.MOST_LOOSE_CELLS):
            row.add_error(f"column {position}", "There is no header above this cell.")
        row.skill_id = self._cell(row, cells, "skill_id", _skill_id)
        row.skill_name = self._cell(row, cells, "skill", self._skill_name) or ""
        titles = [self.columns.titles[n] for n in ("skill", "skill_id") if n in self.columns.at]
        failed = any(error["column"] in titles for error in row.errors)
        if row.skill_id is None and not row.skill_name and not failed:
            row.skill_name = self.answers.skill.strip()
            if not row.skill_name:
                row.add_error(titles[0], "This is required.")
        row.facts = {
            "date_practiced": self._cell(row, cells, "date", self._date),
            "duration_minutes": self._cell(row, cells, "duration_minutes", self._minutes),
            "description": self._description(row, cells),
            "difficulty_rating": self._cell(row, cells, "difficulty", _rating),
            "confidence_rating": self._cell(row, cells, "confidence", _rating),
        }
        return row

    def _spread(self, number: int, cells: Sequence[Any]) -> Iterator[Row]:
        spread = self.columns.spread
        assert spread is not None
        for position, title in spread.skills:
            cell = cells[position] if position < len(cells) else None
            mark = "" if is_blank_cell(cell) else str(cell).strip()
            if not mark or mark in spread.nothing or re.fullmatch(r"0(\.0+)?", mark):
                continue
            row = Row(number)
            minutes = self._spread_minutes(row, title, cell, is_check=mark in spread.checks)
            if minutes == 0:
                self.left_out += 1
                continue
            row.skill_name = self._habit(row, title) or ""
            row.facts = dict.fromkeys(FACTS) | {
                "date_practiced": self._cell(row, cells, "date", self._date),
                "duration_minutes": minutes,
                "description": self._note(row, cells),
            }
            yield row

    def _habit(self, row: Row, title: str) -> str | None:
        def parse(cell: Any) -> str:
            if not cell:
                raise CellError(QUESTIONS["skill"].message, asks="skill")
            return self._skill_name(cell)

        assert self.columns.spread is not None
        named = title if self.columns.spread.is_named else self.answers.skill
        return self._read(row, title, named, parse)

    def _note(self, row: Row, cells: Sequence[Any]) -> str:
        spread = self.columns.spread
        assert spread is not None
        if spread.notes is None:
            return _tracked(spread.preset, "")
        text = _text(cells[spread.notes]) if spread.notes < len(cells) else ""
        completed = _tracked(spread.preset, text)
        return self._read(row, "Notes", completed, _description) or ""

    def _spread_minutes(self, row: Row, title: str, cell: Any, *, is_check: bool) -> int | None:
        def parse(cell: Any) -> int:
            if is_check and not self.answers.minutes_each:
                message = "A check mark does not say how long it took. Say how many minutes."
                raise CellError(message, asks="minutes_each")
            minutes = int(self.answers.minutes_each) if is_check else self._any_minutes(cell)
            return minutes and _obeying(minutes, rules.wrong_minutes(minutes))

        return self._read(row, title, cell, parse)

    def _cell(self, row: Row, cells: Sequence[Any], name: str, parse: Callable[[Any], Any]) -> Any:
        position = self.columns.at.get(name)
        if position is None:
            return None
        cell = cells[position] if position < len(cells) else None
        return self._read(row, self.columns.titles[name], cell, parse)

    def _read(self, row: Row, title: str, cell: Any, parse: Callable[[Any], Any]) -> Any:
        try:
            if isinstance(cell, str):
                if len(cell) > bounds.MOST_CELL_CHARACTERS:
                    raise CellError(f"This cell has {len(cell)} characters; that is too many.")
                if not is_storable(cell):
                    raise CellError("This text has characters that cannot be stored.")
                if cell in _EXCEL_ERRORS:
                    raise CellError(f"This cell holds an error of the spreadsheet: {cell}.")
            return parse(cell)
        except CellError as error:
            row.add_error(title, str(error))
            row.asks |= {error.asks} - {""}
            return None

    def _date(self, cell: Any) -> date:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            cell = _serial_day(cell, self.epoch)
        if isinstance(cell, date):
            day = cell.date() if isinstance(cell, datetime) else cell
        else:
            said = self.answers.date_format
            day = read_day(_required(cell), date_format=said, day_of=self.day_of)
        return _obeying(day, rules.wrong_date(day, today=self.today))

    def _minutes(self, cell: Any) -> int:
        minutes = self._any_minutes(cell)
        return _obeying(minutes, rules.wrong_minutes(minutes))

    def _any_minutes(self, cell: Any) -> int:
        if not isinstance(cell, int | float | time | timedelta):
            cell = _required(cell)
        try:
            minutes = read_minutes(cell, self.answers, self.columns.hint)
        except Ambiguous as open_question:
            name = open_question.asks
            message = f"“{cell}” can be read in two ways. {QUESTIONS[name].message} Say {name}."
            raise CellError(message, asks=name) from open_question
        if minutes is None:
            raise CellError(_NO_MINUTES)
        return minutes

    def _description(self, row: Row, cells: Sequence[Any]) -> str:
        """Entries of trackers are often a word or none; theirs are completed, not refused."""
        preset = self.columns.preset
        if preset is None:
            return self._cell(row, cells, "description", _description) or ""
        text = self._cell(row, cells, "description", _text) or ""
        completed = _tracked(preset, "" if text == "-" else text)
        title = self.columns.titles.get("description", "description")
        return self._read(row, title, completed, _description) or ""

    def _skill_name(self, cell: Any) -> str:
        name = unescape_formula(str(cell)).strip() if not is_blank_cell(cell) else ""
        if self.columns.preset and name == "-":
            return ""
        return _obeying(name, rules.wrong_name(name)) if name else ""


def _tracked(preset: Preset, text: str) -> str:
    if len(text) >= rules.SHORTEST_DESCRIPTION:
        return text
    return f"{text} · {preset.label}" if text else f"Tracked with {preset.label}"


def _serial_day(cell: float, epoch: datetime) -> Any:
    """A date whose cell was not formatted as one; 20260301 stays for `read_day`."""
    if isfinite(cell) and int(cell) in _SERIALS:
        return from_excel(cell, epoch)
    return str(int(cell)) if isfinite(cell) and cell == int(cell) else str(cell)


def _text(cell: Any) -> str:
    return unescape_formula(unix_lines(str(cell))).strip() if not is_blank_cell(cell) else ""


def _required(cell: Any) -> str:
    if text := _text(cell):
        return text
    raise CellError("This is required.")


def _obeying(value: Any, wrong: str | None) -> Any:
    if wrong:
        raise CellError(wrong)
    return value


def _rating(cell: Any) -> int | None:
    if not _text(cell):
        return None
    rating = _whole(cell, "Must be a whole number from 1 to 5, or empty.")
    return _obeying(rating, rules.wrong_rating(rating))


def _whole(cell: Any, otherwise: str) -> int:
    """An integer from a cell; Excel stores every number as a float."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if isinstance(cell, int) or (isfinite(cell) and abs(cell - round(cell)) < 1e-6):
            return round(cell)
    elif re.fullmatch(r"-?[0-9]{1,9}(\.0+)?", text := _text(cell)):
        return int(text.split(".")[0])
    raise CellError(otherwise)


def _description(cell: Any) -> str:
    text = _required(cell)
    return _obeying(text, rules.wrong_description(text))


def _skill_id(cell: Any) -> int | None:
    if not _text(cell):
        return None
    return _whole(cell, "Must be the number of one of your skills.")
