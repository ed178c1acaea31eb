"""The pytest plugin of `tests.mutants`: one process for all mutants of an app.

Tests are collected once. A fork runs them all under coverage; then each mutant gets a fork that
exchanges the code of the mutated function and runs the tests that reach it. A mutant that takes
effect at import (a constant, a decorator, a default) needs an interpreter of its own.
"""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from coverage import Coverage

from tests.covered import Covered, lines_of
from tests.services import folder, on_sqlite

LONGEST = 1800  # seconds of one run of tests
IS_FUNCTION = 0x1  # CO_OPTIMIZED: neither the code of a module nor of a class


class NeedsImport(Exception):
    """The mutant changes what runs at import."""


def pytest_runtestloop(session: pytest.Session) -> object:
    """The jobs are in the file that ETUDE_MUTANTS names: `{"file", "line", "code"}`. For each, a
    line with the test that fails, empty when none does, goes to the descriptor ETUDE_MUTANTS_TO."""
    if "ETUDE_MUTANTS" not in os.environ or session.testsfailed:  # collection failed
        return None
    jobs = json.loads(Path(os.environ["ETUDE_MUTANTS"]).read_text())
    with os.fdopen(int(os.environ["ETUDE_MUTANTS_TO"]), "w", buffering=1) as answers:
        data = folder() / "coverage"
        red = in_a_fork(lambda: run_covered(session, data, {job["file"] for job in jobs}))
        answers.write(f"{red}\n")
        covered = None if red else Covered(data)
        for job in jobs if covered else []:
            answers.write(f"{try_mutant(session, covered, **job)}\n")
    return True


def run_covered(session: pytest.Session, data: Path, files: set[str]) -> str:
    coverage = Coverage(data_file=str(data), include=sorted(files), config_file=False)
    coverage.set_option("run:core", "ctrace")
    coverage.set_option("run:relative_files", True)
    coverage.start()
    red = first_failure(session.items, before=lambda item: coverage.switch_context(item.nodeid))
    coverage.stop()
    coverage.save()
    return red


def try_mutant(
    session: pytest.Session, covered: Covered | None, *, file: str, line: int, code: str
) -> str:
    assert covered is not None
    path = Path(file)
    original = path.read_text()
    lines = lines_of(original, line)
    reach = covered.tests_of(file, lines)
    items = sorted(
        (item for item in session.items if item.nodeid in reach),
        key=lambda item: (is_transactional(item), reach[item.nodeid]),
    )
    path.write_text(code)
    try:
        # Without `dont_inherit` the annotations import above would hold in them as well.
        old, new = (compile(text, file, "exec", dont_inherit=True) for text in (original, code))
        exchanges = list(changed_functions(old, new))
        return in_a_fork(lambda: exchange_and_run(exchanges, items)) if items else ""
    except NeedsImport:
        nodes = [item.nodeid for item in items]
        rest = [] if lines else [item.nodeid for item in session.items if item.nodeid not in reach]
        return (nodes and in_an_interpreter(nodes)) or (rest and in_an_interpreter(rest)) or ""
    finally:
        path.write_text(original)


def changed_functions(old: CodeType, new: CodeType) -> Iterator[tuple[FunctionType, CodeType]]:
    """Each function whose code differs, with its new code."""
    if old == new:
        return
    if old.co_flags & IS_FUNCTION:
        found = [f for f in gc.get_objects() if isinstance(f, FunctionType) and f.__code__ == old]
        if not found or len(old.co_freevars) != len(new.co_freevars):
            raise NeedsImport
        yield from ((function, new) for function in found)
        return
    inner = [[c for c in code.co_consts if isinstance(c, CodeType)] for code in (old, new)]
    outer = [
        (code.co_code, code.co_names, [c for c in code.co_consts if not isinstance(c, CodeType)])
        for code in (old, new)
    ]
    if outer[0] != outer[1] or len(inner[0]) != len(inner[1]):
        raise NeedsImport
    for one, other in zip(*inner, strict=True):
        yield from changed_functions(one, other)


def exchange_and_run(exchanges: list[tuple[FunctionType, CodeType]], items: list[Any]) -> str:
    for function, code in exchanges:
        function.__code__ = code
    return first_failure(items)


def first_failure(items: list[Any], before: Callable[[Any], object] = lambda item: None) -> str:
    """Run tests up to the first that fails; its name, or ''."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        before(item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed:
            return str(item.nodeid)
    return ""


def in_a_fork(work: Callable[[], str]) -> str:
    """What `work` returns in a child. A child that dies or hangs has failed."""
    answer = folder() / "answer"
    answer.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        try:
            answer.write_text(work())
        finally:
            os._exit(0)
    deadline = time.monotonic() + LONGEST
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, 9)
            os.waitpid(child, 0)
            return f"no end after {LONGEST} s"
        time.sleep(0.05)
    return answer.read_text() if answer.exists() else "the process died"


def in_an_interpreter(nodes: list[str]) -> str:
    chosen = folder() / "chosen"
    chosen.write_text("\n".join(nodes))
    env = {name: text for name, text in os.environ.items() if name != "ETUDE_MUTANTS"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", f"@{chosen}", "-x", "-q", "-p", "no:cacheprovider"],
            env=env, capture_output=True, text=True, timeout=LONGEST,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"no end after {LONGEST} s"
    if done.returncode == 0:
        return ""
    failed = re.findall(r"^(?:FAILED|ERROR) (tests/\S+)", done.stdout, re.MULTILINE)
    return (failed or (done.stdout + done.stderr).strip().splitlines()[-1:])[0]


def is_transactional(item: Any) -> bool:
    """Such tests empty the database, data of migrations included: they come last."""
    mark = item.get_closest_marker("django_db")
    needed = {"transactional_db", "live_server"} & set(item.fixturenames)
    return bool(needed or (mark and mark.kwargs.get("transaction")))


if on_sqlite():

    @pytest.fixture(scope="session")
    def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
        from django.core.management import call_command
        from django.db import connection

        template, name = folder() / "template.sqlite3", connection.settings_dict["TEST"]["NAME"]
        with django_db_blocker.unblock():
            connection.close()
            connection.settings_dict["NAME"] = name
            for suffix in ("", "-wal", "-shm"):
                Path(name + suffix).unlink(missing_ok=True)
            if template.exists():
                shutil.copy(template, name)
            else:
                call_command("migrate", verbosity=0)
                connection.close()
                shutil.copy(name, template)
        yield
