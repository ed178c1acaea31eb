"""CSV and XLSX of the coding bank: without cells that a spreadsheet would run on the way out, and
read as people's programs write them on the way in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import tablib
from import_export.formats import base_formats

from common.errors import Invalid, TooLarge
from common.sheets import csv_lines, unescape_formula, xlsx_bytes
from common.sheets.archives import check_archive
from common.sheets.dialects import delimiter_of
from common.sheets.texts import is_blank_cell, plain_title, unescape_xlsx
from common.sheets.workbooks import open_workbook
from sessions_app.assessments.services.coding_bank import FIELDS

TITLES = ("slug", *FIELDS)
# A question's cases may fill some cells, of which Excel writes 32,767 characters each.
_LONGEST_ROW = 2 * 1024 * 1024
_MOST_CELLS = 100_000
_MOST_CSV_CELL = 10 * 1024 * 1024


class CSV(base_formats.CSV):
    def is_binary(self) -> bool:
        return True  # read and written as bytes: a BOM, and newlines within cells as they are

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> tablib.Dataset:
        is_utf_16 = in_stream.startswith((b"\xff\xfe", b"\xfe\xff"))
        try:
            text = in_stream.decode("utf-16" if is_utf_16 else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise Invalid("This file is not UTF-8. Save it as “CSV UTF-8”.") from error
        delimiter, text = delimiter_of(text, known=_known)
        csv.field_size_limit(_MOST_CSV_CELL)
        return _dataset(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return "".join(csv_lines(dataset.headers, dataset, bom=True)).encode()


class XLSX(base_formats.XLSX):
    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        if check_archive(in_stream, longest=_LONGEST_ROW).cells > _MOST_CELLS:
            raise TooLarge("This .xlsx file has more cells than can be read here.")
        sheet = open_workbook(in_stream).worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=len(TITLES) + 20, values_only=True)
        return _dataset([unescape_xlsx(c) if isinstance(c, str) else c for c in r] for r in rows)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return xlsx_bytes(dataset.headers, dataset)


def _known(header: Sequence[str]) -> int:
    return sum(plain_title(title) in TITLES for title in header)


def _dataset(rows: Iterator[Sequence[Any]]) -> tablib.Dataset:
    """The first row that is not blank is the header; columns without a title are left out."""
    filled = (row for row in rows if not all(is_blank_cell(cell) for cell in row))
    titles = [plain_title(str(title or "")) for title in next(filled, ())]
    if doubled := {title for title in titles if title and titles.count(title) > 1}:
        raise Invalid(f"More than one column is called “{min(doubled)}”.")
    at = [n for n, title in enumerate(titles) if title]
    dataset = tablib.Dataset(headers=[titles[n] for n in at])
    for row in filled:
        cells = [row[n] if n < len(row) else None for n in at]
        dataset.append([unescape_formula(c) if isinstance(c, str) else c for c in cells])
    return dataset
