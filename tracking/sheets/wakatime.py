"""The JSON that WakaTime exports (days with their totals), as the table that its tool wakadump
makes of it: a row for each day; titles of sections, each followed by a column of seconds a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from common.errors import TooLarge
from tracking.sheets import bounds
from tracking.sheets.columns import refuse

SECTIONS = {
    "LANGUAGES": "languages",
    "PROJECTS": "projects",
    "EDITORS": "editors",
    "OPERATING SYSTEMS": "operating_systems",
}
Day = dict[str, dict[str, float]]


def is_json(data: bytes) -> bool:
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def rows_of(data: bytes) -> tuple[list[str], Iterator[list[Any]], int]:
    """Header, rows, number of rows. Raises Invalid for any other JSON, TooLarge."""
    days = _days(data)
    sections = [title for title, key in SECTIONS.items() if any(key in day for _, day in days)]
    if not sections:
        raise refuse(
            "This JSON has no totals of days. Bring WakaTime's export of daily totals, or a CSV or "
            ".xlsx file."
        )
    columns: list[tuple[str, str]] = []
    for title in sections:
        names = dict.fromkeys(name for _, day in days for name in day.get(SECTIONS[title], ()))
        columns += [(title, ""), *((title, name) for name in names)]
    if len(columns) * len(days) > bounds.MOST_DUMP_CELLS:
        raise TooLarge("This file has more days and names than can be read here.")
    header = ["DATE", "TOTAL LOGGED SECONDS", *(name or title for title, name in columns)]
    return header, _rows(days, columns), len(days)


def _rows(days: list[tuple[Any, Day]], columns: list[tuple[str, str]]) -> Iterator[list[Any]]:
    for date, day in days:
        totals = (day.get(SECTIONS[title], {}).get(name) for title, name in columns)
        yield [date, None, *totals]


def _days(data: bytes) -> list[tuple[Any, Day]]:
    try:
        said = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise refuse(f"This file is no JSON: {error.msg}.") from error
    days = said.get("days")
    if not isinstance(days, list) or not all(isinstance(day, dict) for day in days):
        raise refuse("This JSON is no export of WakaTime. Bring a CSV or an .xlsx file.")
    if len(days) > bounds.MOST_ROWS:
        raise TooLarge("This file has more days and names than can be read here.")
    return [(day.get("date"), _totals(day)) for day in days]


def _totals(day: dict[str, Any]) -> Day:
    """Seconds by section and name; a name that stands twice counts twice."""
    found: Day = {}
    for key in SECTIONS.values():
        items = day.get(key)
        if not isinstance(items, list):
            continue
        totals = found.setdefault(key, {})
        for item in items:
            name, seconds = _one(item)
            if name:
                totals[name] = totals.get(name, 0) + seconds
    return found


def _one(item: Any) -> tuple[str, float]:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        return "", 0
    # A project has its total one level deeper.
    within = item.get("grand_total")
    deeper = within.get("total_seconds") if isinstance(within, dict) else 0
    total = item.get("total_seconds", deeper)
    seconds = total if isinstance(total, int | float) and not isinstance(total, bool) else 0
    name = item["name"].strip()
    # A name must not look like the title of a section.
    return name.title() if name in (*SECTIONS, "FILES") else name, seconds
