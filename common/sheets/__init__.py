"""Spreadsheets that come in and go out, for every app.

`formulas` defuses cells that a spreadsheet would run, `texts` undoes what spreadsheets do to texts
and titles, `dialects` finds how a CSV is written, `workbooks` opens an .xlsx file, `writers` makes
CSV and XLSX.
"""

from common.sheets.formulas import escape_formula, unescape_formula
from common.sheets.writers import csv_lines, csv_response, xlsx_bytes, xlsx_response

__all__ = [
    "csv_lines",
    "csv_response",
    "escape_formula",
    "unescape_formula",
    "xlsx_bytes",
    "xlsx_response",
]
