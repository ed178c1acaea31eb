"""`make mutants`: would the tests notice? Small faults, drawn by a fixed seed, each against its app's tests.

    python -m tests.mutants [--count 100] [--seed 13] [--jobs 2] [--only accounts]

Faults are Cosmic Ray's (requirements-mutants.txt), put one at a time into services, selectors,
rules and policies of a copy of the tree. Survivors are printed as diffs; the exit code says nothing.
`ETUDE_TEST_DB=sqlite`, unless the environment says otherwise; ETUDE_TEST_DB= is PostgreSQL.
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
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

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
    def tests(self) -> str:
        """sessions_app/interviews → tests/interviews; assessments belong to proctoring's tests."""
        app, part = self.file.split("/")[:2]
        name = {"interviews": "interviews"}.get(part, "proctoring")
        return f"tests/{name if app == 'sessions_app' else app}"

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


def passes(tree: Path, tests: str) -> bool:
    """A run that hangs counts as failed."""
    command = [sys.executable, "-m", "pytest", tests, "-x", "-q", "-p", "no:cacheprovider"]
    command += ["-m", "not browser and not slow"]
    env = {"ETUDE_TEST_DB": "sqlite", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=tree, env=env, capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def survives(mutant: Mutant, trees: SimpleQueue[Path]) -> tuple[Mutant, bool, float]:
    tree, begun = trees.get(), time.monotonic()
    file = tree / mutant.file
    code = file.read_text()
    try:
        file.write_text(mutant.apply(code))
        survived = passes(tree, mutant.tests)
    finally:
        file.write_text(code)
        trees.put(tree)
    return mutant, survived, time.monotonic() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("count", 100), ("seed", 13), ("jobs", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", default="", help="an app of tests/, such as accounts")
    chosen = parser.parse_args()
    found = [m for m in all_mutants() if m.tests.endswith(f"/{chosen.only}" * bool(chosen.only))]
    drawn = random.Random(chosen.seed).sample(found, min(chosen.count, len(found)))
    print(f"{len(drawn)} of {len(found)} possible faults, seed {chosen.seed}", flush=True)
    survivors = []
    with tempfile.TemporaryDirectory(prefix="etude-mutants-") as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(chosen.jobs):
            trees.put(copy_tree(Path(folder) / str(number)))
        sound = trees.get()
        red = [tests for tests in sorted({m.tests for m in drawn}) if not passes(sound, tests)]
        trees.put(sound)
        if red:
            sys.exit(f"Red without any fault: {', '.join(red)}")
        with ThreadPoolExecutor(chosen.jobs) as pool:
            for mutant, survived, seconds in pool.map(lambda m: survives(m, trees), drawn):
                word = "SURVIVED" if survived else "killed"
                where = f"{mutant.file}:{mutant.line} {mutant.operator.removeprefix('core/')}"
                print(f"{word:9}{where} ({seconds:.0f} s)", flush=True)
                survivors += [mutant] * survived
    for mutant in survivors:
        code = (ROOT / mutant.file).read_text()
        lines = [text.splitlines(keepends=True) for text in (code, mutant.apply(code))]
        print("".join(difflib.unified_diff(*lines, mutant.file, mutant.file, n=2)))
    killed = len(drawn) - len(survivors)
    print(f"{killed} killed, {len(survivors)} survived: {100 * killed / len(drawn):.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
