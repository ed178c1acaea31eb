"""`make mutants`: would the tests notice? Small faults, drawn by a fixed seed, each against its app's tests.

    python -m tests.mutants [--count 100] [--seed 13] [--jobs 2] [--only accounts]

Faults are Cosmic Ray's (requirements-mutants.txt), put one at a time into services, selectors,
rules and policies of a copy of the tree. Each app's tests run once under coverage; then a fault is
tried by the tests that run its line, most particular first. No such test: it has survived. At
module and class level, where lines run at import, the tests that run anything of the module come
first and all others of the app after them. Survivors are printed as diffs; the exit code says
nothing. `ETUDE_TEST_DB=sqlite`, unless the environment says otherwise; ETUDE_TEST_DB= is PostgreSQL.
"""

from __future__ import annotations

import argparse
import difflib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from tests.covered import CONFIG, Covered, lines_of

T = TypeVar("T")
R = TypeVar("R")

ROOT = Path(__file__).resolve().parents[1]
MUTATED = re.compile(r"(^|/)(services|selectors|rules|policies)(/\w+)?\.py$")
# Left out are faults that Python or the type checker would see, and those that change nothing.
OPERATORS = re.compile(
    r"core/(AddNot|NumberReplacer|RemoveDecorator|ReplaceBreakWithContinue|ZeroIterationForLoop"
    r"|Replace(TrueWithFalse|FalseWithTrue|AndWithOr|OrWithAnd)|ReplaceUnaryOperator_Delete_Not"
    r"|ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Lt_Gt|Gt_Lt"
    r"|Is_IsNot|IsNot_Is|In_NotIn|NotIn_In)"
    r"|ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|BitOr_BitAnd|BitAnd_BitOr))"
)
LONGEST = 1800  # seconds


class Mutant(NamedTuple):
    file: str
    line: int
    operator: str
    occurrence: int

    @property
    def tests(self) -> tuple[str, ...]:
        """The folders of its app's tests. Assessments and the tests sat for them share theirs."""
        app, part = self.file.split("/")[:2]
        if app != "sessions_app":
            return (f"tests/{app}",)
        if part == "interviews":
            return ("tests/interviews",)
        return "tests/assessments", "tests/proctoring"

    def apply(self, code: str) -> str:
        return mutate_code(code, get_operator(self.operator)(), self.occurrence)


def all_mutants() -> Iterator[Mutant]:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True)
    files = [f for f in tracked.stdout.split() if MUTATED.search(f) and not f.startswith("tests/")]
    for file in sorted(files):
        code = (ROOT / file).read_text()
        tree = get_ast(code)
        for name in sorted(filter(OPERATORS.fullmatch, operator_names())):
            operator = get_operator(name)()
            places = (
                (node, at) for node in ast_nodes(tree) for at in operator.mutation_positions(node)
            )
            for number, (node, (start, _)) in enumerate(places):
                if is_live(node, code.splitlines()[start[0] - 1]):
                    yield Mutant(file, start[0], name, number)


def is_live(node: Any, line: str) -> bool:
    """False where nothing runs by it (annotations, `frozen=True`) or a star is no product."""
    if "TYPE_CHECKING" in line or "@dataclass" in line:
        return False
    if node.type == "operator" and node.value == "*" and node.parent.type != "term":
        return False
    while node.parent is not None:
        parent = node.parent
        if node is getattr(parent, "annotation", None) or parent.type in ("annassign", "tfpdef"):
            return parent.type == "annassign" and node is parent.children[-1]
        node = parent
    return True


class Trees:
    """Copies of the tree, one for each job."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self._jobs = jobs
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            self._free.put(copy_tree(folder / str(number)))

    def each(
        self, items: Sequence[T], work: Callable[[T, Path], R]
    ) -> Iterator[tuple[T, tuple[R, float]]]:
        """Every item in order, with what `work` made of it in a free copy and the seconds."""
        with ThreadPoolExecutor(self._jobs) as pool:
            yield from zip(items, pool.map(partial(self._timed, work), items), strict=True)

    def _timed(self, work: Callable[[T, Path], R], item: T) -> tuple[R, float]:
        tree, begun = self._free.get(), time.monotonic()
        try:
            return work(item, tree), time.monotonic() - begun
        finally:
            self._free.put(tree)


def copy_tree(folder: Path) -> Path:
    """The tracked files as they stand, and what was built."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for built in ("frontend/dist", "frontend/node_modules"):
        if (ROOT / built).exists():
            (folder / built).symlink_to(ROOT / built)
    return folder


def first_failure(tree: Path, tests: Iterable[str], *options: str) -> str:
    """The first test that fails, or else the last line of output; empty when all pass. A run that
    hangs has failed."""
    (tree / "chosen-tests").write_text("\n".join(tests))
    command = [sys.executable, "-m", "pytest", "@chosen-tests", "-x", "-q", *options]
    command += ["-p", "no:cacheprovider", "-m", "not browser and not slow"]
    env = {"ETUDE_TEST_DB": "sqlite", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=tree, env=env, capture_output=True, text=True, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        return f"no end after {LONGEST} s"
    if done.returncode == 0:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return failed[1] if failed else (done.stdout + done.stderr).strip().splitlines()[-1]


def cover(folders: tuple[str, ...], tree: Path, *, files: set[str]) -> Covered | str:
    """Run an app's tests as they are; the first failure if there is one."""
    name = "-".join(folder.split("/")[-1] for folder in folders)
    config, data = tree / f"{name}.coveragerc", tree / f"{name}.coverage"
    config.write_text(CONFIG.format(files="\n    ".join(sorted(files)), data=data))
    options = ("--cov", f"--cov-config={config}", "--cov-context=test", "--cov-report=")
    return first_failure(tree, folders, *options) or Covered(data)


def killer(mutant: Mutant, tree: Path, *, covered: dict[tuple[str, ...], Covered]) -> str:
    """The test that notices the fault; empty when none does."""
    file = tree / mutant.file
    code = file.read_text()
    lines = lines_of(code, mutant.line)
    tests = covered[mutant.tests].tests_of(mutant.file, lines)
    try:
        file.write_text(mutant.apply(code))
        found = first_failure(tree, tests) if tests else ""
        return found or (first_failure(tree, mutant.tests) if lines is None else "")
    finally:
        file.write_text(code)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("count", 100), ("seed", 13), ("jobs", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", default="", help="a folder or file, such as accounts")
    chosen = parser.parse_args()
    found = [m for m in all_mutants() if m.file.startswith(chosen.only)]
    drawn = random.Random(chosen.seed).sample(found, min(chosen.count, len(found)))
    print(f"{len(drawn)} of {len(found)} possible faults, seed {chosen.seed}", flush=True)
    survivors = []
    with tempfile.TemporaryDirectory(prefix="etude-mutants-") as folder:
        trees = Trees(Path(folder), chosen.jobs)
        apps, files = sorted({m.tests for m in drawn}), {m.file for m in drawn}
        covered = {}
        for app, (result, seconds) in trees.each(apps, partial(cover, files=files)):
            if isinstance(result, str):
                sys.exit(f"Red without any fault: {result}")
            print(f"covered  {' '.join(app)} ({seconds:.0f} s)", flush=True)
            covered[app] = result
        for mutant, (test, seconds) in trees.each(drawn, partial(killer, covered=covered)):
            fault = f"{mutant.file}:{mutant.line} {mutant.operator.removeprefix('core/')}"
            end = f"killed   {fault} by {test}" if test else f"SURVIVED {fault}"
            print(f"{end} ({seconds:.0f} s)", flush=True)
            survivors += [] if test else [mutant]
    for mutant in survivors:
        code = (ROOT / mutant.file).read_text()
        lines = [text.splitlines(keepends=True) for text in (code, mutant.apply(code))]
        print("".join(difflib.unified_diff(*lines, mutant.file, mutant.file, n=2)))
    killed = len(drawn) - len(survivors)
    print(f"{killed} killed, {len(survivors)} survived: {100 * killed / len(drawn):.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
