"""Practice logs as rows of a spreadsheet, and as streams of CSV or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from common.http.json import JSONRenderer
from common.sheets import csv_lines
from tracking.models import PracticeLog
from tracking.sheets.columns import EXPORTED, FACT_COLUMNS


def as_csv(logs: Iterable[PracticeLog], *, bom: bool = False) -> Iterator[str]:
    """Lines with the header of CONTRACT; formulas are escaped. Needs `skill` selected."""
    yield from csv_lines(EXPORTED, log_cells(logs), bom=bom)


def log_cells(logs: Iterable[PracticeLog]) -> Iterator[tuple[Any, ...]]:
    """A row for each log, under `EXPORTED`."""
    return ((log.skill.name, *(getattr(log, fact) for fact in FACT_COLUMNS)) for log in logs)


def as_json(rows: Iterable[Any], *, exported_at: datetime) -> Iterator[bytes]:
    """`{"exported_at": …, "results": […]}`, row by row."""
    yield b'{"exported_at":' + JSONRenderer().render(exported_at) + b',"results":['
    for number, row in enumerate(rows):
        yield (b"," if number else b"") + JSONRenderer().render(row)
    yield b"]}"
