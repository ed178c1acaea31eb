"""Opens .xlsx files; texts come as they stand in the file, for `texts.unescape_xlsx`."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from common.sheets.archives import is_looked_through, is_sheet, is_texts


class _Archive(zipfile.ZipFile):
    """Opens what `archives.check_archive` has looked through. A file may give its parts any names,
    so without this a sheet called `sheet.bin` would be parsed within no bounds."""

    def open(self, name: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_looked_through(getattr(name, "filename", name)):
            raise zipfile.BadZipFile(f"{name} is no part of a spreadsheet")
        return super().open(name, *args, **kwargs)


class _Sheet(ReadOnlyWorksheet):
    """Is not parsed once before it is read, only for its size."""

    def _get_size(self) -> None:
        """What the file says of it is not believed."""


class _Reader(ExcelReader):
    """The first sheet and what its cells need.

    openpyxl takes every `x005F_` out of shared texts, after which an escaped `_x000D_` cannot
    be told from a carriage return.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        self.archive = _Archive(io.BytesIO(data))

    def read(self) -> None:
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.read_worksheets()

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        name = part.PartName[1:]
        if not is_texts(name):
            raise zipfile.BadZipFile(f"{name} is no part for shared texts")
        with self.archive.open(name) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()

    def read_worksheets(self) -> None:
        """A file may name one part as a thousand sheets: the first is read."""
        for sheet, relation in self.parser.find_sheets():
            name = relation.target
            if name in self.valid_files and "chartsheet" not in relation.Type:
                if not is_sheet(name):
                    raise zipfile.BadZipFile(f"{name} is no part for a sheet")
                self.wb._sheets.append(_Sheet(self.wb, sheet.name, name, self.shared_strings))
                return


def open_workbook(data: bytes) -> Any:
    """An openpyxl workbook with its first sheet, read-only, with the stored values of formulas.
    After `archives.check_archive` of the same bytes. Raises whatever openpyxl raises for a damaged
    file."""
    reader = _Reader(data)
    reader.read()
    return reader.wb
