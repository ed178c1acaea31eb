"""Bytes of a CSV or XLSX file into a header and rows of cells, within `bounds`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from openpyxl.utils.datetime import WINDOWS_EPOCH

from common.errors import Invalid, TooLarge
from common.sheets.archives import check_archive
from common.sheets.dialects import delimiter_of
from common.sheets.texts import is_blank_cell, unescape_xlsx
from common.sheets.workbooks import open_workbook
from tracking.sheets import bounds, wakatime
from tracking.sheets.columns import known_columns, refuse
from tracking.sheets.presets import is_wide

ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "shift_jis": "shift_jis",
    "gb18030": "gb18030",
}
SAMPLE = 20  # rows
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Table:
    """`rows` yields the rows below the header, blank ones as empty lists, once. `about` is how many
    there seem to be: good enough for a progress bar. `sample` are the first rows, `epoch` is where
    the workbook counts its days from."""

    header: list[str]
    rows: Iterator[list[Any]]
    about: int
    sample: Sequence[list[Any]]
    epoch: datetime


def read_table(data: bytes, *, encoding: str = "") -> Table:
    """Raises Invalid with a sentence for the person, or TooLarge."""
    refuse_large(len(data))
    if not data.strip():
        raise refuse("This file is empty.")
    if data.startswith(_ZIP):
        return _xlsx(data)
    if data.startswith(_OLD_EXCEL):
        raise refuse(
            "This is an old or a protected Excel file. Save it as .xlsx without a password, or CSV."
        )
    if wakatime.is_json(data):
        header, rows, number = wakatime.rows_of(data)
        return _table(header, rows, about=number)
    return _csv(_decoded(data, encoding))


def rows_for_worker(data: bytes) -> int:
    """About how many rows an .xlsx or JSON file has that is too long for a request, which would
    take seconds; 0 for one that is not, and for any other file. Raises as `read_table` does."""
    if wakatime.is_json(data) and len(data) > bounds.DUMP_AT_ONCE:
        return max(1, data.count(b'"date"'))
    if not data.startswith(_ZIP):
        return 0
    size = check_archive(data, until_long=True)
    return max(1, size.rows - 1) if size.is_long else 0


def refuse_large(size: int) -> None:
    """Raises TooLarge (413) for more bytes than a file may have; before they are read, if asked."""
    if size > bounds.MOST_BYTES:
        raise TooLarge(f"A file may have at most {bounds.MOST_BYTES // 2**20} MB.")


# ---- CSV


def _decoded(data: bytes, encoding: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = data.decode(ENCODINGS[encoding or "utf-8"])
    except (UnicodeDecodeError, KeyError) as error:
        if encoding:
            raise refuse(f"This file is not in the encoding {encoding}.") from error
        raise refuse(
            "This file is not UTF-8. Save it as “CSV UTF-8”, or say which encoding it has.",
            code="unknown_encoding",
        ) from error
    if "\x00" in text:
        raise refuse("This is not a text file. Bring a CSV or an .xlsx file.")
    return text


def _csv(text: str) -> Table:
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    if len(first) > bounds.MOST_ROW_CHARACTERS:
        raise refuse("The first line of this file is too long for a header.")
    delimiter, text = delimiter_of(text, known=known_columns)
    rows = _csv_rows(text, delimiter)
    return _table(_header(rows), rows, about=max(0, text.count("\n") - 1))


def _csv_rows(text: str, delimiter: str) -> Iterator[list[Any]]:
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            lines.taken = 0
            cells = row[: bounds.MOST_WIDE_COLUMNS + 1]
            yield [] if all(is_blank_cell(cell) for cell in cells) else cells
    except csv.Error as error:
        raise refuse(f"Line {reader.line_num} of this file is not CSV: {error}.") from error


class _Lines:
    """The lines of a text, as long as those of one row (`taken`, reset by the reader) are not too
    many: a quote that is never closed would make a row of the whole file."""

    def __init__(self, text: str) -> None:
        self.lines, self.taken = io.StringIO(text, newline=""), 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.taken += len(line)
        if self.taken > bounds.MOST_ROW_CHARACTERS:
            raise csv.Error(f"a row has more than {bounds.MOST_ROW_CHARACTERS:,} characters")
        return line


def _header(rows: Iterator[list[Any]]) -> list[Any]:
    """The first row that is not blank; [] when the file does not begin with one."""
    return next((row for row in islice(rows, bounds.MOST_BLANK_ROWS) if row), [])


# ---- XLSX


def _xlsx(data: bytes) -> Table:
    about = check_archive(data).rows - 1
    try:
        book = open_workbook(data)
        sheet = book.worksheets[0] if book.worksheets else None
    except Exception as error:
        # openpyxl raises many kinds of errors; for the learner all are an unreadable file.
        raise refuse("This .xlsx file is damaged or is no Excel file.") from error
    if sheet is None:
        raise refuse("This Excel file has no sheet.")
    sheet.reset_dimensions()
    rows = _xlsx_rows(sheet)
    titles = ["" if cell is None else str(cell) for cell in _header(rows)]
    if len(titles) > bounds.MOST_COLUMNS:
        raise _too_wide(bounds.MOST_COLUMNS)
    return _table(titles, rows, about=max(0, about), epoch=book.epoch)


def _xlsx_rows(sheet: Any) -> Iterator[list[Any]]:
    number = 0
    widest, longest = bounds.MOST_COLUMNS + 1, bounds.MOST_CELL_CHARACTERS + 1
    try:
        for row in sheet.iter_rows(max_col=widest, values_only=True):
            number += 1  # noqa: SIM113 - said in the refusal below
            cells = [unescape_xlsx(c)[:longest] if isinstance(c, str) else c for c in row]
            while cells and is_blank_cell(cells[-1]):
                cells.pop()
            yield cells
    except Exception as error:
        raise refuse(f"This .xlsx file cannot be read after row {number}.") from error


def _table(
    header: list[str], rows: Iterator[list[Any]], *, about: int, epoch: datetime = WINDOWS_EPOCH
) -> Table:
    names = [name.strip() for name in header]
    if not any(names):
        raise refuse("This file has no header row.")
    most = bounds.MOST_WIDE_COLUMNS if is_wide(names) else bounds.MOST_COLUMNS
    if len(names) > most:
        raise _too_wide(most)
    sample = list(islice(rows, SAMPLE))
    return Table(names, chain(sample, rows), about, sample, epoch)


def _too_wide(most: int) -> Invalid:
    return refuse(f"This file has more than {most:,} columns.")
