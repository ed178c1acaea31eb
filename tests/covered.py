"""Which tests run a line, from one run of an app's tests under coverage with a context per test."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

from coverage import CoverageData

# Their bodies run once in a process, so the context of that one test says nothing of the others.
RUN_ONCE = re.compile(r"(\w+\.)?(cache|lru_cache|compiled)\b")


class Covered:
    """`data` is the data file of coverage; each context is a test's node id."""

    def __init__(self, data: Path) -> None:
        read = CoverageData(str(data))
        read.read()
        self._lines = {file: read.contexts_by_lineno(file) for file in read.measured_files()}
        self._reach: Counter[str] = Counter()
        for lines in self._lines.values():
            for contexts in lines.values():
                self._reach.update(contexts)

    def tests_of(self, file: str, numbers: range | None) -> dict[str, int]:
        """The tests that run one of the lines (None: any function of the file), each with how many
        lines of the measured files it runs: those with few are about this one and fail soonest."""
        return {
            test: self._reach[test]
            for number, contexts in self._lines.get(file, {}).items()
            if numbers is None or number in numbers
            for test in contexts
            if test
        }


def lines_of(code: str, line: int) -> range | None:
    """The lines that tell whether a test runs what stands at `line`: those of its statement; of a
    decorator or a default, the function's body. None where it takes effect beyond its own run: at
    module or class level, or in a function that runs once a process."""
    statement, function = None, None
    for node in ast.walk(ast.parse(code)):  # outer ones first
        if isinstance(node, ast.stmt) and _first(node) <= line <= (node.end_lineno or 0):
            statement = node
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                function = node
    if statement is None or function is None:
        return None
    if any(RUN_ONCE.match(ast.unparse(each)) for each in function.decorator_list):
        return None
    if statement is function:
        return range(function.body[0].lineno, (function.end_lineno or 0) + 1)
    body = getattr(statement, "body", None)
    if body is None or isinstance(statement, ast.Try):
        return range(statement.lineno, (statement.end_lineno or 0) + 1)
    return range(statement.lineno, max(body[0].lineno, statement.lineno + 1))


def _first(node: ast.stmt) -> int:
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
