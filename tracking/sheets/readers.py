"""Bytes of a CSV or XLSX file into a header and rows of cells, within `bounds`."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

from common.errors import Invalid, TooLarge
from tracking.sheets import bounds
from tracking.sheets.columns import known_columns

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
DELIMITERS = (",", ";", "\t")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """`rows` yields the rows below the header, blank ones as empty lists, once. `about` is how many
    there seem to be: good enough for a progress bar."""

    header: list[str]
    rows: Iterator[list[Any]]
    about: int


def refuse(sentence: str, code: str = "unreadable_file") -> Invalid:
    return Invalid(sentence, code=code, fields={"file": [sentence]})


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
    return _csv(_decoded(data, encoding))


def rows_stated(data: bytes) -> int:
    """How many rows an .xlsx file has, without opening it, which takes seconds when it is long.
    0 for any other file. Raises as `read_table` does."""
    return _check_parts(data) if data.startswith(_ZIP) else 0


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
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(
        DELIMITERS, key=lambda mark: known_columns(next(csv.reader([first], delimiter=mark), []))
    )
    rows = _csv_rows(text, delimiter)
    header = next((row for row in rows if row), [])
    return _table(header, rows, about=max(0, text.count("\n") - 1))


def _csv_rows(text: str, delimiter: str) -> Iterator[list[Any]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield row if any(cell.strip() for cell in row) else []
    except csv.Error as error:
        raise refuse(f"Line {reader.line_num} of this file is not CSV: {error}.") from error


# ---- XLSX


def _xlsx(data: bytes) -> Table:
    about = _check_parts(data) - 1
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0] if book.worksheets else None
    except Exception as error:
        # openpyxl raises many kinds of errors; for the learner all are an unreadable file.
        raise refuse("This .xlsx file is damaged or is no Excel file.") from error
    if sheet is None:
        raise refuse("This Excel file has no sheet.")
    sheet.reset_dimensions()
    rows = _xlsx_rows(sheet)
    header = next((row for row in rows if row), [])
    titles = ["" if cell is None else str(cell) for cell in header]
    return _table(titles, rows, about=max(0, about))


def _xlsx_rows(sheet: Any) -> Iterator[list[Any]]:
    number = 0
    try:
        for row in sheet.iter_rows(values_only=True):
            number += 1  # noqa: SIM113 - said in the refusal below
            cells = list(row[: bounds.MOST_COLUMNS + 1])
            while cells and (cells[-1] is None or cells[-1] == ""):
                cells.pop()
            yield cells
    except Exception as error:
        raise refuse(f"This .xlsx file cannot be read after row {number}.") from error


def _check_parts(data: bytes) -> int:
    """Refuse bombs before unpacking: by the sizes that the archive states, which zipfile enforces,
    and by document types, which a spreadsheet never has. Returns the number of rows of the longest
    sheet, header included."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > bounds.MOST_PARTS or unpacked > bounds.MOST_UNPACKED_BYTES:
                raise TooLarge("This .xlsx file unpacks to more than can be read here.")
            if "xl/workbook.xml" not in archive.namelist():
                raise refuse("This is a zip archive, but no .xlsx file.")
            xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
            return max(_check_part(archive, part) for part in xml)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError) as error:
        raise refuse("This .xlsx file is damaged or protected by a password.") from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """The number of rows in this part; in one that is no sheet there are none."""
    rows, tail = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 20):
            if _DOCTYPE.search(tail + chunk):
                raise refuse("This .xlsx file holds definitions that a spreadsheet never has.")
            rows += (tail[-4:] + chunk).count(b"<row ")
            tail = chunk[-16:]
    return rows


def _table(header: list[str], rows: Iterator[list[Any]], *, about: int) -> Table:
    names = [name.strip() for name in header]
    if not any(names):
        raise refuse("This file has no header row.")
    if len(names) > bounds.MOST_COLUMNS:
        raise refuse(f"This file has more than {bounds.MOST_COLUMNS} columns.")
    return Table(names, rows, about)
