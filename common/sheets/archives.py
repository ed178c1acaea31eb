"""What an .xlsx file unpacks to, counted while it is unpacked and before anything is parsed.

The reader of spreadsheets holds a row, and all shared texts, in memory. So the XML is looked
through first in small pieces: no row and no text may be longer than is said here, whatever sizes
the archive states. Only parts that were looked through are parsed (`workbooks`).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from common.errors import Invalid, TooLarge

# What an .xlsx may unpack to, counted while it is unpacked.
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
# Parts that are neither sheets nor texts: styles, themes, names.
MOST_OTHER_BYTES = 2 * 1024 * 1024
MOST_PARTS = 300
MOST_CELLS = 1_000_000
# One row or shared text in bytes of XML.
MOST_ROW_BYTES = 250_000
# More than one of these takes longer than a request may. A cell costs ten millionths of a second,
# however few bytes it has, and so does an element of a shared text or a style.
ROWS_AT_ONCE = 5_000
XML_AT_ONCE = 3 * 1024 * 1024
CELLS_AT_ONCE = 60_000
OTHER_ELEMENTS_AT_ONCE = 40_000
ELEMENTS_AT_ONCE = 400_000

CHUNK = 1 << 16
# A document type, which a spreadsheet never has, or UTF-16, in which one could hide.
STRANGE = re.compile(rb"<!DOCTYPE|<!ENTITY|\x00", re.IGNORECASE)
# Where cells are, also what makes `<row` out of text: the length of rows could not be trusted.
STRANGE_IN_SHEETS = re.compile(rb"<!|\x00|<\?(?!xml\s)")
# With or without a prefix: both are in use. Who takes a longer one pays for it in bytes.
PREFIX = rb"<(?:[^\s<>/:]{1,60}:)?"
ROW = re.compile(PREFIX + rb"row[\s/>]")
TEXT = re.compile(PREFIX + rb"si[\s/>]")
CELL = re.compile(PREFIX + rb"c[\s/>]")
ELEMENT = re.compile(rb"<[^/!?]")
OVERLAP = 80


def is_looked_through(name: str) -> bool:
    """Whether a part is XML, whose content is counted; no other is ever parsed."""
    return name.endswith((".xml", ".rels"))


def is_sheet(name: str) -> bool:
    return "worksheets/" in name


def is_texts(name: str) -> bool:
    return name.endswith("sharedStrings.xml")


@dataclass
class Unpacked:
    """`rows` of the longest sheet, header included; bytes of XML, cells and elements in all, and
    `others`: elements outside of sheets."""

    rows: int = 0
    cells: int = 0
    xml: int = 0
    elements: int = 0
    others: int = 0

    @property
    def is_long(self) -> bool:
        """Whether reading it takes longer than a request may."""
        return (
            self.rows - 1 > ROWS_AT_ONCE
            or self.xml > XML_AT_ONCE
            or self.cells > CELLS_AT_ONCE
            or self.elements > ELEMENTS_AT_ONCE
            or self.others > OTHER_ELEMENTS_AT_ONCE
        )

    @property
    def is_too_large(self) -> bool:
        return self.xml > MOST_UNPACKED_BYTES or max(self.cells, self.others) > MOST_CELLS


def check_archive(
    data: bytes, *, until_long: bool = False, longest: int = MOST_ROW_BYTES
) -> Unpacked:
    """Raises TooLarge for what is more than is allowed, Invalid for what is no spreadsheet.

    `until_long` looks only as far as it takes to see that a file is long; its rows are then
    estimated. `longest` is how many bytes one row, and one shared text, may have.
    """
    size = Unpacked()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            stated = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or stated > MOST_UNPACKED_BYTES:
                raise _too_large()
            if "xl/workbook.xml" not in archive.namelist():
                raise _unreadable("This is a zip archive, but no .xlsx file.")
            for part in parts:
                if is_looked_through(part.filename) and not (until_long and size.is_long):
                    _check_part(archive, part, size, until_long=until_long, longest=longest)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError) as error:
        raise _unreadable("This .xlsx file is damaged or protected by a password.") from error
    return size


def _check_part(
    archive: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    size: Unpacked,
    *,
    until_long: bool,
    longest: int,
) -> None:
    pattern = _begins_again_in(part.filename)
    longest = MOST_OTHER_BYTES if pattern is None else longest
    strange = STRANGE if pattern is None else STRANGE_IN_SHEETS
    has_cells = pattern is ROW
    rows = read = since = 0
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            piece = tail + chunk
            if strange.search(piece):
                raise _unreadable("This .xlsx file holds what a spreadsheet never has.")
            # Where the row that goes on began, before this piece or in it.
            began = len(tail) - since
            for start in _new(pattern, piece, tail):
                if start - began > longest:
                    raise _too_large()
                began, rows = start, rows + 1
            since = len(piece) - began
            _count(size, piece, tail, chunk, has_cells=has_cells)
            read += len(chunk)
            if since > longest or size.is_too_large:
                raise _too_large()
            size.rows = max(size.rows, rows) if has_cells else size.rows
            if until_long and size.is_long and pattern is not None:
                size.rows = (
                    max(size.rows, rows * part.file_size // read) if has_cells else size.rows
                )
                return
            tail = piece[-OVERLAP:]


def _count(size: Unpacked, piece: bytes, tail: bytes, chunk: bytes, *, has_cells: bool) -> None:
    size.xml += len(chunk)
    elements = len(_new(ELEMENT, piece, tail))
    size.elements += elements
    size.others += 0 if has_cells else elements
    size.cells += len(_new(CELL, piece, tail)) if has_cells else 0


def _begins_again_in(name: str) -> re.Pattern[bytes] | None:
    """What begins again and again in this part; None in one that is short."""
    if is_sheet(name):
        return ROW
    return TEXT if is_texts(name) else None


def _new(pattern: re.Pattern[bytes] | None, piece: bytes, tail: bytes) -> list[int]:
    """Where the pattern begins, without what was found when `tail` was the end of a piece."""
    if pattern is None:
        return []
    return [m.start() for m in pattern.finditer(piece) if m.end() > len(tail)]


def _unreadable(sentence: str) -> Invalid:
    return Invalid(sentence, code="unreadable_file", fields={"file": [sentence]})


def _too_large() -> TooLarge:
    return TooLarge("This .xlsx file unpacks to more than can be read here.")
