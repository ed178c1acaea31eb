"""What an .xlsx file unpacks to, counted while it is unpacked and before anything is parsed.

The reader of spreadsheets holds a row, and all shared texts, in memory. So the XML is looked
through first in small pieces: no row and no text may be longer than `bounds` says, whatever sizes
the archive states.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from common.errors import TooLarge
from tracking.sheets import bounds
from tracking.sheets.columns import refuse

CHUNK = 1 << 16
# A document type, which a spreadsheet never has, or UTF-16, in which one could hide.
STRANGE = re.compile(rb"<!DOCTYPE|<!ENTITY|\x00", re.IGNORECASE)
# With or without a prefix: both are in use.
ROW = re.compile(rb"<(?:[A-Za-z]\w{0,9}:)?row[\s/>]")
TEXT = re.compile(rb"<(?:[A-Za-z]\w{0,9}:)?si[\s/>]")
CELL = re.compile(rb"<(?:[A-Za-z]\w{0,9}:)?c[\s/>]")
OVERLAP = 24


@dataclass
class Unpacked:
    """`rows` of the longest sheet, header included; bytes of XML, and cells, in all."""

    rows: int = 0
    cells: int = 0
    xml: int = 0

    @property
    def is_long(self) -> bool:
        """Whether reading it takes longer than a request may."""
        return self.rows - 1 > bounds.ROWS_AT_ONCE or self.xml > bounds.XML_AT_ONCE

    @property
    def is_too_large(self) -> bool:
        return self.xml > bounds.MOST_UNPACKED_BYTES or self.cells > bounds.MOST_CELLS


def check_archive(data: bytes, *, until_long: bool = False) -> Unpacked:
    """Raises TooLarge for what is more than `bounds` allow, Invalid for what is no spreadsheet.

    `until_long` looks only as far as it takes to see that a file is long; its rows are then
    estimated.
    """
    size = Unpacked()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            stated = sum(part.file_size for part in parts)
            if len(parts) > bounds.MOST_PARTS or stated > bounds.MOST_UNPACKED_BYTES:
                raise _too_large()
            if "xl/workbook.xml" not in archive.namelist():
                raise refuse("This is a zip archive, but no .xlsx file.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and not (until_long and size.is_long):
                    _check_part(archive, part, size, until_long=until_long)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError) as error:
        raise refuse("This .xlsx file is damaged or protected by a password.") from error
    return size


def _check_part(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, size: Unpacked, *, until_long: bool
) -> None:
    pattern, longest = _bounds_of(part.filename)
    is_sheet = pattern is ROW
    rows = read = since = 0
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            piece = tail + chunk
            if STRANGE.search(piece):
                raise refuse("This .xlsx file holds definitions that a spreadsheet never has.")
            # Where the row that goes on began, before this piece or in it.
            began = len(tail) - since
            for start in _new(pattern, piece, tail):
                if start - began > longest:
                    raise _too_large()
                began, rows = start, rows + 1
            since = len(piece) - began
            size.xml, read = size.xml + len(chunk), read + len(chunk)
            size.cells += len(_new(CELL, piece, tail)) if is_sheet else 0
            if since > longest or size.is_too_large:
                raise _too_large()
            size.rows = max(size.rows, rows) if is_sheet else size.rows
            if until_long and size.is_long:
                size.rows = max(size.rows, rows * part.file_size // read) if is_sheet else size.rows
                return
            tail = piece[-OVERLAP:]


def _bounds_of(name: str) -> tuple[re.Pattern[bytes] | None, int]:
    """What begins again and again in this part, and how long each may be."""
    if "worksheets/" in name:
        return ROW, bounds.MOST_ROW_CHARACTERS
    if name.endswith("sharedStrings.xml"):
        return TEXT, bounds.MOST_ROW_CHARACTERS
    return None, bounds.MOST_OTHER_BYTES


def _new(pattern: re.Pattern[bytes] | None, piece: bytes, tail: bytes) -> list[int]:
    """Where the pattern begins, without what was found when `tail` was the end of a piece."""
    if pattern is None:
        return []
    return [m.start() for m in pattern.finditer(piece) if m.end() > len(tail)]


def _too_large() -> TooLarge:
    return TooLarge("This .xlsx file unpacks to more than can be read here.")
