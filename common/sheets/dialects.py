"""How a CSV is written: its delimiter, and the line `sep=;` by which a file names it for Excel."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence

DELIMITERS = (",", ";", "\t", "|")
# Excel itself adds delimiters when it saves a file that began with the line.
_SEP_LINE = re.compile(
    r"\ufeff?\s*\"?sep=([^\w\s\"']|\t)\"?[,;\t|]*(?:\r\n|\n|\r|$)", re.IGNORECASE
)


def delimiter_of(text: str, *, known: Callable[[Sequence[str]], int]) -> tuple[str, str]:
    """The delimiter, and the text without the line that named it.

    Without such a line it is the one by which the first line has most titles that `known` counts.
    """
    if named := _SEP_LINE.match(text):
        return named[1], text[named.end() :]
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    return max(DELIMITERS, key=lambda mark: known(_cells(first, mark))), text


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return []
