"""Pasted lines, CSV and XLSX into rows of candidates: name, address, extra minutes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from common.errors import Invalid, TooLarge
from common.sheets.archives import check_archive
from common.sheets.dialects import delimiter_of
from common.sheets.formulas import unescape_formula
from common.sheets.texts import is_blank_cell, plain_title, unescape_xlsx
from common.sheets.workbooks import open_workbook

MOST_ROWS = 5_000
MOST_BYTES = 2 * 1024 * 1024
MOST_COLUMNS = 50
TITLES = {
    "name": "name", "full_name": "name", "candidate": "name", "candidate_name": "name",
    "first_name": "name", "last_name": "last_name", "surname": "last_name",
    "email": "email", "e_mail": "email", "mail": "email", "address": "email",
    "email_address": "email", "e_mail_address": "email",
    "extra_minutes": "extra_minutes", "minutes": "extra_minutes", "extra": "extra_minutes",
    "extra_time": "extra_minutes",
}  # fmt: skip


@dataclass(frozen=True)
class SheetRow:
    """Cells as texts, trimmed. `number` counts the rows that are not blank from 1, without the
    header."""

    number: int
    name: str
    email: str
    extra_minutes: str


def read_candidate_rows(data: bytes | str) -> list[SheetRow]:
    """A header is optional: without one the cell with an @ is the address, a number the extra
    minutes, the rest the name. `Ana Lee <ana@example.com>` is name and address, too.

    Raises Invalid for what is no table, TooLarge for more than 5,000 rows or 2 MB.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge("A list of candidates may have at most 2 MB.")
    is_xlsx = isinstance(data, bytes) and data.startswith(b"PK\x03\x04")
    cells = _xlsx(data) if is_xlsx else _csv(data)  # type: ignore[arg-type]
    lines = [line for line in cells if any(line)]
    columns = _columns_in(lines[0]) if lines else {}
    if columns:
        lines = lines[1:]
    if not lines:
        raise _unreadable("There is no candidate in this list.")
    if len(lines) > MOST_ROWS:
        raise TooLarge(f"A list may have at most {MOST_ROWS:,} candidates. Split it.")
    return [_row(number, line, columns) for number, line in enumerate(lines, start=1)]


def _columns_in(line: Sequence[str]) -> dict[str, int]:
    """`{field: index}` of a header; empty when the line is no header."""
    if any("@" in cell for cell in line):
        return {}
    found = {TITLES.get(plain_title(cell)): index for index, cell in enumerate(line)}
    return {name: index for name, index in found.items() if name} if "email" in found else {}


def _row(number: int, line: Sequence[str], columns: dict[str, int]) -> SheetRow:
    if columns:
        cell = {name: line[at] if at < len(line) else "" for name, at in columns.items()}
        name = f"{cell.get('name', '')} {cell.get('last_name', '')}".strip()
        email, minutes = cell.get("email", ""), cell.get("extra_minutes", "")
    else:
        email = next((one for one in line if "@" in one), "")
        rest = [one for one in line if one and one != email]
        minutes = next((one for one in rest if one.lstrip("+-").isdigit()), "")
        name = " ".join(one for one in rest if one != minutes)
    if "<" in email:
        written, email = parseaddr(email)
        name = name or written
    return SheetRow(number, name.strip(), email.strip(), minutes)


def _csv(data: bytes | str) -> Iterator[list[str]]:
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise _unreadable(
                "This file is not UTF-8. Save it as “CSV UTF-8”, or .xlsx."
            ) from error
    if "\x00" in data:
        raise _unreadable("This is not a text file. Bring a CSV or an .xlsx file.")
    delimiter, text = delimiter_of(data, known=_like_columns)
    try:
        yield from _texts(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _unreadable(f"This is not CSV: {error}.") from error


def _like_columns(cells: Sequence[str]) -> int:
    """How many cells are titles or, without a header, one address among others."""
    titles = sum(plain_title(cell) in TITLES for cell in cells)
    return titles or (len(cells) if any("@" in cell for cell in cells) else 0)


def _xlsx(data: bytes) -> Iterator[list[str]]:
    check_archive(data)
    try:
        sheet = open_workbook(data).worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        yield from _texts(rows)
    except Exception as error:
        # openpyxl raises many kinds of errors; for staff all are an unreadable file.
        raise _unreadable("This .xlsx file is damaged or has no sheet.") from error


def _texts(rows: Iterable[Sequence[Any]]) -> Iterator[list[str]]:
    for row in rows:
        cells = ["" if is_blank_cell(cell) else _text(cell) for cell in row[:MOST_COLUMNS]]
        yield cells


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unescape_formula(unescape_xlsx(str(cell)))
    return " ".join(text.split())


def _unreadable(sentence: str) -> Invalid:
    return Invalid(sentence, code="unreadable_file", fields={"file": [sentence]})
