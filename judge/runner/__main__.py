"""`python -m judge.runner`: one JSON job in, one JSON answer out.

probe   what this machine can run, as JSON; exit code 1 when it may run nothing
run     reads a job on standard input, writes its answer
serve   the same two over HTTP, for engine `remote`
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys

from judge.runner.folders import Workplace
from judge.runner.jobs import run_job
from judge.runner.kernel import PR_SET_PDEATHSIG, process_control
from judge.runner.probing import probe
from judge.runner.toolchains import find_toolchains
from judge.types import RunJob

SANDBOX_USER = 64123


def main() -> int:
    parser = argparse.ArgumentParser(prog="judge.runner", description=__doc__)
    parser.add_argument("verb", choices=["probe", "run", "serve"])
    parser.add_argument("--folder", default="", help="where jobs live while they run")
    parser.add_argument("--node", default="", help="a node to prefer over the system's")
    parser.add_argument("--host", default="127.0.0.1", help="serve: the address to listen on")
    parser.add_argument("--port", type=int, default=8010, help="serve: its port")
    parser.add_argument("--processes", type=int, default=0, help="serve: jobs at once (cores - 1)")
    options = parser.parse_args()
    if options.verb == "serve":
        from judge.runner.server import serve

        return serve(options)
    try:
        return answer(options)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def answer(options: argparse.Namespace) -> int:
    # A worker that is killed must not leave programs behind that nobody waits for.
    with contextlib.suppress(OSError):
        process_control(PR_SET_PDEATHSIG, signal.SIGKILL)
    user = SANDBOX_USER if os.geteuid() == 0 else None
    workplace = Workplace.open(options.folder, user=user)
    toolchains = find_toolchains(node=options.node, workplace=workplace)
    if options.verb == "probe":
        found = probe(toolchains=toolchains, workplace=workplace)
        json.dump(found.to_json(), sys.stdout)
        return 0 if found.ok else 1
    job = RunJob.from_json(json.load(sys.stdin))
    json.dump(run_job(job, toolchains=toolchains, workplace=workplace).to_json(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
