"""Opens .xlsx files; texts come as they stand in the file, for `texts.unescape_xlsx`."""

from __future__ import annotations

import io
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse


class _Reader(ExcelReader):
    """openpyxl takes every `x005F_` out of shared texts, after which an escaped `_x000D_` cannot
    be told from a carriage return."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


def open_workbook(data: bytes) -> Any:
    """An openpyxl workbook, read-only, with the stored values of formulas. Raises whatever
    openpyxl raises for a file that is damaged."""
    reader = _Reader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb
