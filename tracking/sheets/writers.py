"""Practice logs as streams of CSV or JSON."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from common.http.json import JSONRenderer
from tracking.models import PracticeLog
from tracking.sheets.columns import EXPORTED, FACT_COLUMNS
from tracking.sheets.formulas import escape_formula


class _Echo:
    """A file whose `write` returns what is written to it."""

    def write(self, text: str) -> str:
        return text


def as_csv(logs: Iterable[PracticeLog]) -> Iterator[str]:
    """Lines with the header of CONTRACT; formulas are escaped. Needs `skill` selected."""
    writer = csv.writer(_Echo())
    yield writer.writerow(EXPORTED)
    for log in logs:
        cells = (log.skill.name, *(getattr(log, fact) for fact in FACT_COLUMNS))
        yield writer.writerow([escape_formula(c) if isinstance(c, str) else c for c in cells])


def as_json(rows: Iterable[Any], *, exported_at: datetime) -> Iterator[bytes]:
    """`{"exported_at": …, "results": […]}`, row by row."""
    yield b'{"exported_at":' + JSONRenderer().render(exported_at) + b',"results":['
    for number, row in enumerate(rows):
        yield (b"," if number else b"") + JSONRenderer().render(row)
    yield b"]}"
