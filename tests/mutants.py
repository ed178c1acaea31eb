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
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[1]
MUTATED = re.compile(r"(^|/)(services|selectors|rules|policies)(/\w+)?\.py$")
# Put behind the copied conftest.py: the migrated database is made once and then copied.
CONFTEST = "\nfrom tests.mutant_session import django_db_setup  # noqa: E402, F401\n"
# Left out are faults that Python or the type checker would see, and those that change nothing.
OPERATORS = re.compile(
    r"core/(AddNot|NumberReplacer|RemoveDecorator|ReplaceBreakWithContinue|ZeroIterationForLoop"
    r"|Replace(TrueWithFalse|FalseWithTrue|AndWithOr|OrWithAnd)|ReplaceUnaryOperator_Delete_Not"
    r"|ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Lt_Gt|Gt_Lt"
    r"|Is_IsNot|IsNot_Is|In_NotIn|NotIn_In)"
    r"|ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|BitOr_BitAnd|BitAnd_BitOr))"
)


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


def killers(app: tuple[str, ...], mutants: list[Mutant]) -> Iterator[tuple[Mutant, str]]:
    """Each mutant of an app with the test that notices it, or ''; SystemExit when a test fails
    without any mutant."""
    with tempfile.TemporaryDirectory(prefix="etude-mutants-") as name:
        tree = copy_tree(Path(name) / "tree")
        with (tree / "tests/conftest.py").open("a") as conftest:
            conftest.write(CONFTEST)
        jobs = Path(name) / "jobs.json"
        codes = [m.apply((ROOT / m.file).read_text()) for m in mutants]
        pairs = zip(mutants, codes, strict=True)
        jobs.write_text(json.dumps([{"file": m.file, "line": m.line, "code": c} for m, c in pairs]))
        answers, to = os.pipe()
        command = [sys.executable, "-m", "pytest", *app, "-q", "-p", "tests.mutant_session"]
        command += ["-p", "no:cacheprovider", "-m", "not browser and not slow"]
        env = {"ETUDE_TEST_DB": "sqlite", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        env |= {"ETUDE_MUTANTS": str(jobs), "ETUDE_MUTANTS_TO": str(to)}
        with (Path(name) / "log").open("w+") as log, os.fdopen(answers) as lines:
            process = subprocess.Popen(
                command, cwd=tree, env=env, pass_fds=[to], stdout=log, stderr=log
            )
            os.close(to)
            red = lines.readline()
            if red != "\n":
                process.wait()
                log.seek(0)
                sys.exit(f"{' '.join(app)} fails without any fault: {red}{log.read()[-4000:]}")
            print(f"covered  {' '.join(app)}", flush=True)
            yield from zip(mutants, (line.rstrip("\n") for line in lines), strict=True)
            process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("count", 100), ("seed", 13), ("jobs", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", default="", help="a folder or file, such as accounts")
    chosen = parser.parse_args()
    found = [m for m in all_mutants() if m.file.startswith(chosen.only)]
    drawn = random.Random(chosen.seed).sample(found, min(chosen.count, len(found)))
    print(f"{len(drawn)} of {len(found)} possible faults, seed {chosen.seed}", flush=True)
    by_app = defaultdict(list)
    for mutant in drawn:
        by_app[mutant.tests].append(mutant)

    def work(app: tuple[str, ...]) -> list[Mutant]:
        survived, begun = [], time.monotonic()
        for mutant, test in killers(app, by_app[app]):
            fault = f"{mutant.file}:{mutant.line} {mutant.operator.removeprefix('core/')}"
            end = f"killed   {fault} by {test}" if test else f"SURVIVED {fault}"
            print(f"{end} ({time.monotonic() - begun:.0f} s)", flush=True)
            survived += [] if test else [mutant]
            begun = time.monotonic()
        return survived

    with ThreadPoolExecutor(chosen.jobs) as pool:
        apps = sorted(by_app, key=lambda app: -len(by_app[app]))
        survivors = [mutant for survived in pool.map(work, apps) for mutant in survived]
    for mutant in survivors:
        code = (ROOT / mutant.file).read_text()
        lines = [text.splitlines(keepends=True) for text in (code, mutant.apply(code))]
        print("".join(difflib.unified_diff(*lines, mutant.file, mutant.file, n=2)))
    killed = len(drawn) - len(survivors)
    print(f"{killed} killed, {len(survivors)} survived: {100 * killed / len(drawn):.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
