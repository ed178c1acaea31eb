"""`make test`: the suite in three rounds, one after the other, with one summary at the end.

    python -m tests.run_all [-n 3] [pytest options]

1. everything but the browser, on PostgreSQL and Valkey, in N processes
2. the journeys and races marked `sqlite`, on SQLite without Redis
3. the browser tests, in N processes, on PostgreSQL and Valkey with a real Celery worker

`--long` (`make test-long`): what is marked `long` instead, on PostgreSQL and Valkey.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BROWSER = ["--screenshot", "only-on-failure", "--output", "test-results/browser"]
# A busy machine may miss a deadline of a real server or browser once; the summary says which and why.
AGAIN = ["--reruns", "2", "--reruns-delay", "1", "--rerun-show-tracebacks"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    # One more than the two cores that CI has: a browser test mostly waits.
    parser.add_argument("-n", default="3", help="processes")
    parser.add_argument("--long", action="store_true", help="only what takes minutes")
    chosen, more = parser.parse_known_args()
    spread = ["-n", chosen.n, "--dist", "loadgroup"]
    rounds = [
        ("PostgreSQL and Valkey", ["-m", "not browser and not long", *spread], {}),
        (
            "SQLite",
            ["-m", "sqlite and not browser and not long", *spread],
            {"ETUDE_TEST_DB": "sqlite"},
        ),
        ("browser", ["tests/browser", *BROWSER, "-n", chosen.n, "--dist", "worksteal"], {}),
    ]
    if chosen.long:
        rounds = [("long proofs", ["-m", "long", *spread], {})]
    results = [play(name, [*options, *more], env) for name, options, env in rounds]
    for name, code, seconds in results:
        sys.stdout.write(f"{'passed' if code == 0 else 'FAILED':7}{name} ({seconds:.0f} s)\n")
    return max(code for _, code, _ in results)


def play(name: str, options: list[str], env: dict[str, str]) -> tuple[str, int, float]:
    sys.stdout.write(f"\n--- {name}\n")
    sys.stdout.flush()
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *AGAIN, *options]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=False)
    return name, done.returncode, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
