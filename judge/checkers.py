"""Is a program's output right? Compared here, outside the sandbox, where expected output stays.

`lines`: line by line; blanks at the end of a line and blank lines at the end do not count.
`tokens`: word by word, white space does not count.
`float`: as `tokens`, but numbers may differ by 1e-6, absolutely or relatively.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, get_args

Checker = Literal["lines", "tokens", "float"]

CHECKERS: tuple[Checker, ...] = get_args(Checker)
TOLERANCE = 1e-6
# What float() takes beyond these ("nan", "1_0", other digits) is a word, equal only to itself.
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


@dataclass(frozen=True)
class Difference:
    """The first place where output is not as expected: line number from 1, "" past an end."""

    line: int
    expected: str
    actual: str


def is_accepted(checker: Checker, *, expected: str, actual: str) -> bool:
    if checker == "lines":
        return _lines(expected) == _lines(actual)
    wanted, given = expected.split(), actual.split()
    same = _same_number if checker == "float" else str.__eq__
    return len(wanted) == len(given) and all(map(same, wanted, given))


def first_difference(checker: Checker, *, expected: str, actual: str) -> Difference | None:
    """The first line that is not accepted by itself, or None for accepted output.

    Output that only breaks its lines elsewhere is accepted by `tokens` and `float` and has none.
    """
    if is_accepted(checker, expected=expected, actual=actual):
        return None
    wanted, given = _lines(expected), _lines(actual)
    for number in range(max(len(wanted), len(given))):
        left = wanted[number] if number < len(wanted) else ""
        right = given[number] if number < len(given) else ""
        past_an_end = number >= min(len(wanted), len(given))
        if past_an_end or not is_accepted(checker, expected=left, actual=right):
            return Difference(line=number + 1, expected=left, actual=right)
    return None


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _same_number(wanted: str, given: str) -> bool:
    if wanted == given:
        return True
    if not (DECIMAL.fullmatch(wanted) and DECIMAL.fullmatch(given)):
        return False
    return math.isclose(float(wanted), float(given), rel_tol=TOLERANCE, abs_tol=TOLERANCE)
