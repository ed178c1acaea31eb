"""Diagnose and repair at size: sound sessions in bulk, known faults among them.

    python -m bench.diagnostics --sessions 100000 --faults 5000

Starts a PostgreSQL of its own and removes it afterwards. Exits 1 unless every fault is found and
nothing else, all that can be repaired is repaired, a second run changes nothing, and undo restores
every table to the byte. Prints seconds and queries of each step.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.diagnostics_fixtures import fill, prints_of_tables, scratch_database, seed_exactly


@dataclass
class Step:
    name: str
    seconds: float
    queries: int
    note: str = ""


@dataclass
class Outcome:
    """What was measured, and what did not hold (empty when all did)."""

    steps: list[Step] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def expect(self, holds: bool, sentence: str) -> None:  # noqa: FBT001
        if not holds:
            self.broken.append(sentence)


@contextmanager
def measured(outcome: Outcome, name: str) -> Iterator[Step]:
    from django.db import connection

    step = Step(name, 0.0, 0)

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        step.queries += 1
        return execute(*args)

    started = time.perf_counter()
    with connection.execute_wrapper(count):
        yield step
    step.seconds = time.perf_counter() - started
    outcome.steps.append(step)


def found_now(now: datetime) -> tuple[dict[str, int], list[str]]:
    from diagnostics import registry
    from diagnostics.services.diagnose import run_checks
    from diagnostics.types import Scope

    results = run_checks(checks=registry.all_checks(), scope=Scope(now))
    slow = sorted(results, key=lambda r: -r.seconds)[:3]
    note = [f"{r.check.name} {r.seconds:.1f} s" for r in slow]
    errors = {f"{r.check.name}: {r.error}": -1 for r in results if r.error}
    return {**{r.check.name: r.count for r in results if r.count}, **errors}, note


def round_trip(*, sessions: int, faults: int, now: datetime) -> Outcome:
    """Fill, seed, find, plan, repair, look again, undo; each step measured and checked."""
    from diagnostics import registry
    from diagnostics.services.applying import apply_run
    from diagnostics.services.repair import plan_repairs
    from diagnostics.services.undoing import undo_run

    outcome = Outcome()
    with measured(outcome, "fill") as step:
        step.note = f"{fill(sessions=sessions, now=now)} sessions"
    with measured(outcome, "find nothing"):
        outcome.expect(found_now(now)[0] == {}, "a sound database is clean")
    with measured(outcome, "seed") as step:
        seeded = seed_exactly(faults, now=now)
        step.note = (
            f"{sum(seeded.values())} faults of {len(seeded)} kinds (constraints dropped too)"
        )
    with measured(outcome, "find") as step:
        found, slowest = found_now(now)
        step.note = f"{sum(found.values())} found; slowest: {', '.join(slowest)}"
    outcome.expect(
        found == seeded, f"all faults found and nothing else: {_differences(seeded, found)}"
    )
    before = prints_of_tables()
    mendable = {name: n for name, n in seeded.items() if registry.get(name).fixable}
    with measured(outcome, "plan") as step:
        run = plan_repairs(trigger="command", now=now)
        step.note = f"{run.actions.count()} repairs planned"
    outcome.expect(prints_of_tables() == before, "a plan changes nothing")
    with measured(outcome, "repair") as step:
        report = apply_run(run=run, now=now)
        step.note = f"{report.applied} applied, {report.skipped} skipped, {report.failed} failed"
    outcome.expect(report.applied == sum(mendable.values()), "all planned repairs applied")
    left = {name: n for name, n in seeded.items() if name not in mendable}
    found, _ = found_now(now)
    outcome.expect(found == left, f"only what is by hand is left: {_differences(left, found)}")
    with measured(outcome, "second run") as step:
        again = plan_repairs(trigger="command", now=now)
        step.note = f"{again.actions.count()} repairs planned"
    outcome.expect(not again.actions.exists(), "a second run changes nothing")
    with measured(outcome, "undo") as step:
        undone = undo_run(run=run, now=now)
        step.note = f"{undone.undone} undone"
    after = prints_of_tables()
    changed = [name for name, value in before.items() if after[name] != value]
    outcome.expect(not changed, f"undo restores byte for byte: {changed}")
    return outcome


def _differences(wanted: dict[str, int], found: dict[str, int]) -> dict[str, tuple[int, int]]:
    names = sorted({*wanted, *found})
    pairs = {name: (wanted.get(name, 0), found.get(name, 0)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--faults", type=int, default=5_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="etude-bench-") as name:
        folder = Path(name)
        (folder / "var").mkdir()
        servers = scratch_database(folder)
        try:
            return _run(options)
        finally:
            servers.close()


def _run(options: argparse.Namespace) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.DEBUG = False  # else Django keeps every query in memory
    django.setup()
    from common import clock

    call_command("migrate", verbosity=0)
    call_command("load_question_bank", verbosity=0)
    outcome = round_trip(sessions=options.sessions, faults=options.faults, now=clock.now())
    for step in outcome.steps:
        print(f"{step.name:<12} {step.seconds:8.1f} s {step.queries:8} queries  {step.note}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    for sentence in outcome.broken:
        print(f"DOES NOT HOLD: {sentence}", file=sys.stderr)
    return 1 if outcome.broken else 0


if __name__ == "__main__":
    sys.exit(main())
