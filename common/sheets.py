"""Spreadsheets that leave the house: CSV as a stream, without cells that a spreadsheet would run.

`unescape_formula(escape_formula(text)) == text` for every text.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.http import StreamingHttpResponse

_STARTS_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def escape_formula(text: str) -> str:
    """With a leading apostrophe when the text begins with = + - @ (or with apostrophes before
    one, so that taking one off again is always right)."""
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """Without the apostrophe that `escape_formula` put there."""
    return text[1:] if text.startswith("'") and _STARTS_A_FORMULA.match(text) else text


class Echo:
    """A file whose `write` returns what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The header, then a line a row; formulas are escaped, moments are ISO 8601, JSON is JSON."""
    writer = csv.writer(Echo())
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def csv_response(
    filename: str, header: Iterable[str], rows: Iterable[Iterable[Any]]
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return escape_formula(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, dict | list) else value
