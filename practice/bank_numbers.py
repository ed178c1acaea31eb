"""The numbers of a set: stated assumptions, formulas over them, and the words that say the results.

    numbers:
      players: {is: 5_000_000, said: ["five million players"]}
      updates: {is: players * 5 / day, said: ["290/s", "290 updates per second"]}

`is` holds numbers, earlier names, `day` (86,400), `+ - * / **` and brackets; nothing else is
evaluated. Each wording must stand in the set's texts, and the first number in it, with its scale
("3 TB", "two billion", "12 %"), must be the result within 5 %, or within the share `within`.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

WITHIN = 0.05
KNOWN = {"day": 86_400.0}
HIGHEST_POWER = 64
OPERATIONS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
WORDS = {word: float(number) for number, word in enumerate(SMALL)} | {
    **{"half": 0.5, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "a hundred": 100.0}
}
SCALES = {
    **{"k": 1e3, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12},
    **{"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "PB": 1e15, "EB": 1e18},
    **{"%": 0.01, "percent": 0.01},
}
AMOUNT = re.compile(
    rf"(?P<digits>\d[\d,]*(?:\.\d+)?)|\b(?P<word>{'|'.join(WORDS)})\b", re.IGNORECASE
)
SCALE = re.compile(rf"(?:\s+a)?\s*(?P<scale>{'|'.join(SCALES)})(?![A-Za-z])")


@dataclass(frozen=True)
class StatedNumber:
    """One line of `numbers`; `formula` as written, `said` the wordings that must give it."""

    name: str
    formula: str
    said: tuple[str, ...] = ()
    within: float = WITHIN


class NotAFormula(ValueError):
    """What stands under `is` cannot be evaluated; the message says why."""


def number_problems(numbers: tuple[StatedNumber, ...], texts: str) -> Iterator[str]:
    """A sentence for each formula that fails and each wording that is absent or wrong."""
    known = dict(KNOWN)
    plain = " ".join(texts.split())
    for number in numbers:
        try:
            known[number.name] = result = evaluate(number.formula, known)
        except NotAFormula as error:
            yield f"{number.name}: {error}"
            continue
        for phrase in number.said:
            if phrase not in plain:
                yield f"{number.name}: no text says “{phrase}”"
            elif (amount := amount_of(phrase)) is None:
                yield f"{number.name}: “{phrase}” holds no number"
            elif abs(amount - result) > number.within * abs(result):
                yield f"{number.name}: “{phrase}”, but {number.formula} is {result:,.6g}"


def evaluate(formula: str, known: Mapping[str, float]) -> float:
    """The value of the formula; raises NotAFormula."""
    try:
        return _value(ast.parse(formula, mode="eval").body, known)
    except (SyntaxError, ZeroDivisionError, OverflowError, RecursionError) as error:
        raise NotAFormula(f"“{formula}” cannot be computed: {error}") from error


def amount_of(phrase: str) -> float | None:
    """The first number of the phrase, in digits or as a word, times the scale behind it."""
    found = AMOUNT.search(phrase)
    if not found:
        return None
    digits, word = found["digits"], found["word"]
    amount = float(digits.replace(",", "")) if digits else WORDS[word.lower()]
    scale = SCALE.match(phrase, found.end())
    return amount * (SCALES[scale["scale"]] if scale else 1)


def _value(node: ast.AST, known: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=bool() | str() | bytes() | None):
            raise NotAFormula(f"{node.value!r} is no number")
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.Name(id=name):
            raise NotAFormula(f"“{name}” is not among the names above it")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            one, other = _value(left, known), _value(right, known)
            if isinstance(op, ast.Pow) and not 0 <= other <= HIGHEST_POWER:
                raise NotAFormula(f"a power must lie between 0 and {HIGHEST_POWER}")
            return OPERATIONS[type(op)](one, other)
    raise NotAFormula(f"“{ast.unparse(node)}” is not arithmetic")
