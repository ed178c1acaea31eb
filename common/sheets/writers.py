"""CSV as a stream and XLSX as a file, without cells that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook

from common.errors import TooLarge
from common.sheets.formulas import escape_formula
from common.sheets.texts import escape_xlsx

BOM = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a cell of Excel holds; openpyxl would cut the rest off.
LONGEST_XLSX_CELL = 32_767


class Echo:
    """A file whose `write` returns what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(
    header: Iterable[str], rows: Iterable[Iterable[Any]], *, bom: bool = False
) -> Iterator[str]:
    """The header, then a line a row; formulas are escaped, moments are ISO 8601, JSON is JSON.
    Excel takes a file for UTF-8 only after a `bom`, which programs take for part of the header."""
    writer = csv.writer(Echo())
    yield (BOM if bom else "") + writer.writerow(header)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def csv_response(
    filename: str, header: Iterable[str], rows: Iterable[Iterable[Any]]
) -> StreamingHttpResponse:
    """For people: with a BOM."""
    lines = csv_lines(header, rows, bom=True)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def xlsx_bytes(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """One sheet; dates and numbers as such, the rest as in CSV. Raises TooLarge for a text that no
    cell holds."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    try:
        sheet.append(list(header))
        for row in rows:
            sheet.append([_xlsx_cell(value) for value in row])
    finally:
        sheet.close()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_response(
    filename: str, header: Iterable[str], rows: Iterable[Iterable[Any]]
) -> HttpResponse:
    response = HttpResponse(xlsx_bytes(header, rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return escape_formula(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, dict | list) else value


def _xlsx_cell(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
        return value
    cell = value if isinstance(value, bool | int | float | None) else str(_cell(value))
    if not isinstance(cell, str):
        return cell
    if len(escaped := escape_xlsx(cell)) > LONGEST_XLSX_CELL:
        raise TooLarge(
            f"A cell of Excel holds {LONGEST_XLSX_CELL:,} characters, and one text here has "
            f"{len(escaped):,}. Take the CSV or the JSON."
        )
    return escaped
