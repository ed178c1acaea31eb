"""Are a question's cases good for anything? Runs its solutions and faulty copies of them.

Everything runs in the sandbox of the judge's engine; nothing is stored.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from judge.engines import Engine
from judge.models import Verdict
from judge.services.running import run_program
from judge.specs import CaseSpec
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.selectors.judging import hidden_spec
from sessions_app.assessments.services.coding_bank import OPTIONAL, SOLUTIONS

LEAST_MUTANTS = 5
# Of the CPU limit: slower machines than this one have room.
REFERENCE_SHARE = 0.25
SWAPPED: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class LintReport:
    """`faults` as sentences; `killed` of `mutants` faulty copies failed a case."""

    slug: str
    faults: tuple[str, ...]
    mutants: int
    killed: int


def lint_question(content: dict[str, Any], *, engine: Engine, most: int = 12) -> LintReport:
    """The reference solutions pass within a quarter of the limit, the naive one fails by time, and
    at least five faulty copies of the reference fail. Raises EngineUnavailable."""
    question = CodingQuestion(
        slug=content["slug"],
        test_cases=content["test_cases"],
        **{name: content.get(name, usual) for name, usual in OPTIONAL.items()},
    )
    spec, faults = hidden_spec(question), []
    for language, name in SOLUTIONS.items():
        if content.get(name):
            faults += _reference_faults(name, content[name], language, spec, engine)
    if content.get("naive"):
        verdict, _ = _run(content["naive"], "python", spec, engine)
        if verdict != Verdict.TIME_LIMIT:
            faults.append(f"naive: {verdict or 'no verdict'} instead of time_limit")
    mutants = list(mutants_of(content["solution"]))[:most]
    killed = sum(_run(text, "python", spec, engine)[0] != Verdict.ACCEPTED for text in mutants)
    if killed < LEAST_MUTANTS:
        faults.append(f"only {killed} of {len(mutants)} faulty copies of the solution fail")
    return LintReport(content["slug"], tuple(faults), len(mutants), killed)


def mutants_of(source: str) -> Iterator[str]:
    """Copies of a Python program with one fault each: another comparison or operator, a sign left
    out, a number that is one too high, a text without its first character."""
    count = sum(_is_mutable(node) for node in ast.walk(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        nodes = [node for node in ast.walk(tree) if _is_mutable(node)]
        _change(nodes[number])
        yield ast.unparse(ast.fix_missing_locations(tree))


def _is_mutable(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return type(node.ops[0]) in SWAPPED
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        return type(node.op) in SWAPPED
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub)
    return isinstance(node, ast.Constant) and type(node.value) in (int, str)


def _change(node: ast.AST) -> None:
    if isinstance(node, ast.Compare):
        node.ops[0] = SWAPPED[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        node.op = SWAPPED[type(node.op)]()
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd()
    elif isinstance(node, ast.Constant):
        node.value = node.value[1:] if isinstance(node.value, str) else node.value + 1  # type: ignore[operator]


def _reference_faults(
    name: str, source: str, language: str, spec: CaseSpec, engine: Engine
) -> list[str]:
    verdict, slowest = _run(source, language, spec, engine)
    if verdict != Verdict.ACCEPTED:
        return [f"{name}: {verdict or 'no verdict'} instead of accepted"]
    room = REFERENCE_SHARE * spec.limits.in_language(language).cpu_seconds * 1000
    if slowest > room:
        return [f"{name}: {slowest} ms of CPU are over a quarter of the limit ({room:.0f} ms)"]
    return []


def _run(source: str, language: str, spec: CaseSpec, engine: Engine) -> tuple[str, int]:
    """(verdict, CPU milliseconds of the slowest case); a verdict of ours is said as it is."""
    judged = run_program(engine, spec, language=language, source=source)
    slowest = max((result.cpu_ms for result in judged.results), default=0)
    return judged.failure or judged.verdict, slowest
