"""Run the comparisons: all of them, or those that are named.

    python -m bench                     # all, about ten minutes
    python -m bench --quick             # all, shorter and rougher
    python -m bench heartbeat sweep     # some

Exits 1 when a run is void or a figure misses half of its target.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import sys

from bench.effort import QUICK, Effort
from bench.lab import Lab
from bench.rounds import HEAD, Figure, RunVoid

NAMES = ("heartbeat", "progress", "lifecycle", "pages", "starts", "crowd", "sweep")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="fewer, shorter rounds")
    parser.add_argument("--rounds", type=int, help="rounds of each comparison")
    options = parser.parse_args()
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    effort = QUICK if options.quick else Effort()
    if options.rounds:
        effort = Effort(options.rounds, effort.seconds, effort.warm_up, effort.scale)
    # Asked to stop, it stops its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    figures: list[Figure] = []
    void: list[str] = []
    with Lab() as lab:
        for name in options.names or NAMES:
            print(f"\n{name}", flush=True)
            try:
                figures += importlib.import_module(f"bench.{name}").run(lab, effort)
            except RunVoid as error:
                void.append(f"{name}: {error}")
                print(f"  VOID: {error}", flush=True)
    print("", HEAD, *(figure.line() for figure in figures), sep="\n")
    for reason in void:
        print(f"VOID {reason}", file=sys.stderr)
    return 1 if void or not all(figure.is_half_met for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
