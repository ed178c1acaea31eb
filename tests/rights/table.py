"""The tables of docs/staff.md, read as what tests expect."""

from __future__ import annotations

import re
from pathlib import Path

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "staff.md").read_text()
COLUMNS = ("look", "add", "change", "delete")


def tables_under(title: str) -> list[list[list[str]]]:
    """The tables between this heading and the next, as rows of cells without their headings."""
    part = re.split(r"\n#+ ", TEXT.partition(f"# {title}\n")[2])[0]
    found = []
    for block in re.findall(r"(?:^\|.*\n?)+", part, re.MULTILINE):
        lines = [line for line in block.splitlines() if line.strip()]
        found.append([[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]])
    return found


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def roles() -> dict[str, set[str]]:
    """`{role: {"app.view_model", …}}`."""
    (rows,) = tables_under("Roles")
    return {name: set(_rights_in(cell)) for name, _, cell in rows}


def _rights_in(cell: str) -> list[str]:
    rights = []
    for part in cell.split(";"):
        app, words = re.fullmatch(r"\s*`(\w+)` (.+)", part).groups()
        for verb, models in re.findall(r"(\w+): ([\w ]+)", words):
            rights += [f"{app}.{verb}_{model}" for model in models.split()]
    return rights


def api() -> dict[tuple[str, str], str]:
    """`{(method, path): who}`; the method may carry what its body says."""
    (rows,) = tables_under("API")
    return {
        (method.strip(), path): who
        for paths, methods, who in rows
        for path in names_in(paths)
        for method in methods.split(",")
    }


def pages() -> dict[str, str]:
    """`{address with the placeholders of urls.py: who}`."""
    (rows,) = tables_under("Pages")
    return {path: who for paths, who in rows for path in names_in(paths)}


def console_rows() -> dict[str, dict[str, str]]:
    """`{"app.model": {"look": …, "add": …, "change": …, "delete": …}}`."""
    rows, _ = tables_under("Console")
    return {names_in(label)[0]: dict(zip(COLUMNS, cells, strict=True)) for label, *cells in rows}


def console_addresses() -> dict[str, tuple[list[str], str]]:
    """`{address: (methods, who)}` of what is no list or form of rows."""
    _, rows = tables_under("Console")
    return {
        path: ([method.strip() for method in methods.split(",")], who)
        for paths, methods, who in rows
        for path in names_in(paths)
    }
