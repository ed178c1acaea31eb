"""Durations as people and trackers write them. What can be read in two ways raises `Ambiguous`.

`30`, `1.5`, `1,5 h`, `1 h 30 min`, `1h30`, `1:30:00`, `18:25 min`, `PT1H30M`, cells of Excel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from fractions import Fraction
from math import isfinite
from typing import Any

from tracking.sheets.answers import Answers

MINUTES = {"seconds": Fraction(1, 60), "minutes": Fraction(1), "hours": Fraction(60)}
MOST = Fraction(24 * 60)
LONGEST = 60  # characters
BLANKS = " \u00a0\u202f\u2009"
_SIGNS = {"point": (".", ","), "comma": (",", ".")}
_NUMBER = {
    name: re.compile(
        rf"\+?([0-9]{{1,9}}|[1-9][0-9]{{0,2}}(?:[{BLANKS}'’{re.escape(group)}][0-9]{{3}})+)"
        rf"(?:{re.escape(decimal)}([0-9]*))?"
    )
    for name, (decimal, group) in _SIGNS.items()
}
_UNITS = {
    "hours": ("h", "hr", "hrs", "hour", "hours", "std"),
    "minutes": ("m", "min", "mins", "minute", "minutes"),
    "seconds": ("s", "sec", "secs", "second", "seconds"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_PART = re.compile(rf"([0-9][0-9.,'’{BLANKS}]*?)[{BLANKS}]*([a-z]+)\.?(?:[{BLANKS},]|and\b)*")
_CLOCK = re.compile(
    r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9])(?:[.,][0-9]{1,9})?)?(?:\s*([a-z]+)\.?)?"
)
_ISO = re.compile(
    r"p(?:([0-9]+)d)?(?:t(?:([0-9.,]+)h)?(?:([0-9.,]+)m)?(?:([0-9.,]+)s)?)?", re.IGNORECASE
)


_ISO_MINUTES = (Fraction(1440), Fraction(60), Fraction(1), Fraction(1, 60))


class Ambiguous(Exception):
    """`asks` names the question that would settle it."""

    def __init__(self, asks: str) -> None:
        super().__init__(asks)
        self.asks = asks


@dataclass(frozen=True, slots=True)
class Hint:
    """What the title of the column says: the unit of plain numbers, and what 1:30 is."""

    unit: str = ""
    clock: str = ""


def read_minutes(cell: Any, answers: Answers, hint: Hint) -> int | None:
    """Minutes, rounded half up, not yet checked against the limits; None for what is no duration.
    Raises Ambiguous."""
    if isinstance(cell, time):
        return _rounded(Fraction(cell.hour * 3600 + cell.minute * 60 + cell.second, 60))
    if isinstance(cell, timedelta):
        return _rounded(Fraction(round(cell.total_seconds()), 60))
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        if not isfinite(cell) or abs(cell) >= 10**9:
            return None
        number = Fraction(repr(round(cell, 6)))  # 30.0000000001 is 30
        return _one({"": _plain(number, answers, hint)}, answers)
    text = str(cell).strip().casefold()
    if not text or len(text) > LONGEST:
        return None
    for read in (_clock, _iso, _words):
        if (minutes := read(text, answers, hint)) is not None:
            return minutes
    numbers = {name: _number(text, name) for name in _SIGNS}
    found = {name: _plain(n, answers, hint) for name, n in numbers.items() if n is not None}
    return _one(found, answers) if found else None


def _number(text: str, number_format: str) -> Fraction | None:
    match = _NUMBER[number_format].fullmatch(text)
    if match is None:
        return None
    whole = re.sub(r"[^0-9]", "", match[1])
    return Fraction(f"{whole}.{match[2] or 0}")


def _plain(number: Fraction, answers: Answers, hint: Hint) -> dict[str, Fraction]:
    """Minutes by unit: what a number without a unit can be.

    A whole number below a title that names minutes is minutes; 1.5 there may well be hours."""
    if answers.duration_unit:
        units = [answers.duration_unit]
    elif hint.unit == "minutes" and number.denominator > 1:
        units = ["minutes", "hours"]
    else:
        units = [hint.unit] if hint.unit else list(MINUTES)
    return {unit: number * MINUTES[unit] for unit in units}


def _one(found: dict[str, dict[str, Fraction]], answers: Answers) -> int:
    """The one reading that is possible; `found` is minutes by number format and unit."""
    if answers.number_format in found:
        found = {answers.number_format: found[answers.number_format]}
    possible = [
        (number_format, unit, minutes)
        for number_format, units in found.items()
        for unit, minutes in units.items()
        if 0 < minutes <= MOST
    ]
    if not possible:
        return _rounded(next(iter(next(iter(found.values())).values())))
    if len({minutes for _, _, minutes in possible}) == 1:
        return _rounded(possible[0][2])
    # The same unit may still give two numbers: then the sign is what is open.
    for unit in {unit for _, unit, _ in possible}:
        if len({minutes for _, u, minutes in possible if u == unit}) > 1:
            raise Ambiguous("number_format")
    raise Ambiguous("duration_unit")


def _clock(text: str, answers: Answers, hint: Hint) -> int | None:
    match = _CLOCK.fullmatch(text)
    if match is None or (match[4] and match[4] not in _UNIT_OF):
        return None
    first, second = int(match[1]), int(match[2])
    as_hm = Fraction(first * 60 + second)
    if match[3] is not None:
        return _rounded(as_hm + Fraction(int(match[3]), 60))
    as_ms = first + Fraction(second, 60)
    named = {"hours": "hm", "minutes": "ms"}.get(_UNIT_OF.get(match[4] or "", ""), "")
    if (said := named or answers.clock_format or hint.clock) or as_hm > MOST or as_ms == as_hm:
        return _rounded(as_hm if said == "hm" else as_ms)
    raise Ambiguous("clock_format")


def _iso(text: str, answers: Answers, hint: Hint) -> int | None:
    match = _ISO.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    total = Fraction(0)
    for part, minutes in zip(match.groups(), _ISO_MINUTES, strict=True):
        if part is not None:
            if not re.fullmatch(r"[0-9]{1,9}([.,][0-9]+)?", part):
                return None
            total += Fraction(part.replace(",", ".")) * minutes
    return _rounded(total)


def _words(text: str, answers: Answers, hint: Hint) -> int | None:
    parts = list(_parts(text))
    if not parts:
        return None
    found = {}
    for number_format in _SIGNS:
        numbers = [(_number(number, number_format), unit) for number, unit in parts]
        if all(number is not None for number, _ in numbers):
            total = sum((n * MINUTES[unit] for n, unit in numbers if n is not None), Fraction(0))
            found[number_format] = {"": total}
    return _one(found, answers) if found else None


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of number and unit; none when the text is anything else. 1h30 ends with minutes."""
    found: list[tuple[str, str]] = []
    end = 0
    while end < len(text):
        match = _PART.match(text, end)
        unit = _UNIT_OF.get(match[2], "") if match else ""
        if match is None or not unit:
            rest = text[end:].strip(BLANKS)
            if found and found[-1][1] == "hours" and re.fullmatch(r"[0-5]?[0-9]", rest):
                found.append((rest, "minutes"))
                break
            return
        found.append((match[1].strip(BLANKS), unit))
        end = match.end()
    if len({unit for _, unit in found}) == len(found):
        yield from found


def _rounded(minutes: Fraction) -> int:
    return int(minutes + Fraction(1, 2))
