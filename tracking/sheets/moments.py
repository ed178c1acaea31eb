"""Dates of a file: as people write them, and of moments, which become the learner's own day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

from tracking.sheets.errors import CellError

LONGEST = 60
_DAY = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t(\d{2})(\d{2})(\d{2})?(z)?)?", re.ASCII | re.I)
_WORDY = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d. %B %Y", "%d %b, %Y", "%d-%b-%Y")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)
_MOMENT = re.compile(
    r"(?P<day>.{6,}?)(?:(?<=\d)\s*t\s*|,?\s+(?:at\s+)?)"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?"
    r"(?:\s*(?P<zone>z|(?:utc|gmt)?(?P<sign>[+-])(?P<off_h>\d{1,2})(?::?(?P<off_m>\d{2}))?|utc|gmt)"
    r"(?:\s*\[[\w/+-]+\]|\s*\([\w ]+\))?)?",
    re.ASCII | re.IGNORECASE,
)


DayOf = Callable[[datetime], date]


def read_day(text: str, *, date_format: str, day_of: DayOf) -> date:
    """The calendar date as written; of a moment with `Z` or an offset, what `day_of` says. Raises
    CellError."""
    if len(text) > LONGEST:
        raise _no_date(text)
    text = text.replace("\u2212", "-")  # the minus sign of typographers
    if compact := _COMPACT.fullmatch(text):
        day = _made(text, int(compact[1]), int(compact[2]), int(compact[3]))
        if not compact[7]:
            return day
        return _local(
            text, day, (int(compact[4]), int(compact[5]), int(compact[6] or 0)), 0, day_of
        )
    match = _MOMENT.fullmatch(text)
    if match is None:
        return _day(text, date_format)
    day = _day(match["day"].strip().rstrip(","), date_format)
    hour, minute, second = (int(match[n] or 0) for n in ("hour", "minute", "second"))
    if match["half"]:
        if not 1 <= hour <= 12:
            raise _no_date(text)
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    if not (hour < 24 and minute < 60 and second <= 60):
        raise _no_date(text)
    if not match["zone"]:
        return day
    offset = int(match["off_h"] or 0) * 60 + int(match["off_m"] or 0)
    minutes = -offset if match["sign"] == "-" else offset
    return _local(text, day, (hour, minute, min(second, 59)), minutes, day_of)


def _local(text: str, day: date, at: tuple[int, int, int], offset: int, day_of: DayOf) -> date:
    try:
        there = timezone(timedelta(minutes=offset))
        return day_of(datetime(day.year, day.month, day.day, *at, tzinfo=there))
    except (ValueError, OverflowError) as error:
        raise _no_date(text) from error


def _day(text: str, date_format: str) -> date:
    text = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    parts = _DAY.fullmatch(text)
    return _numeric(text, parts, date_format) if parts else _wordy(text)


def _numeric(text: str, parts: re.Match[str], date_format: str) -> date:
    first, second, third = int(parts[1]), int(parts[3]), int(parts[4])
    if len(parts[1]) == 4:
        return _made(text, first, second, third)
    if len(parts[4]) != 4:
        raise CellError(f"“{text}” needs a year of four digits, as in 2026-03-01.")
    is_open = not date_format and first != second
    if is_open and first <= 12 and second <= 12:
        raise CellError(
            f"“{text}” can be day/month or month/day. Say which: date_format dmy or mdy.",
            asks="date_format",
        )
    day_first = first > 12 if is_open else date_format != "mdy"
    return _made(text, third, *((second, first) if day_first else (first, second)))


def _made(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellError(f"“{text}” is not a valid date.") from error


def _wordy(text: str) -> date:
    for pattern in _WORDY:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date, no moment
        except ValueError:
            continue
    raise _no_date(text)


def _no_date(text: str) -> CellError:
    return CellError(f"“{text[:40]}” is not a valid date. Write it as 2026-03-01.")
