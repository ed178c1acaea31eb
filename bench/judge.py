"""What the sandbox costs: CPU of a program in it, against the same program as a plain subprocess.

    python -m bench.judge [--rounds 4] [--quick]

Both run the same compiled program with the same command in one process, in turns; CPU is user and
system time of this process and its children, so that a busy machine changes little. Then the wall
time of a whole job of one Python sample, as the code worker starts it, against the bare program.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from judge.runner.__main__ import SANDBOX_USER
from judge.runner.folders import Workplace
from judge.runner.sandbox import Box
from judge.runner.supervision import run_in_box
from judge.runner.toolchains import ENVIRONMENT, Toolchain, find_toolchains
from judge.types import LANGUAGE_NAMES, Limits, RunJob

LIMITS = Limits()
INPUT = b"1 2 3\n"
TARGETS = {"cpp": 3.0, "python": 1.3, "javascript": 1.2, "java": 1.15}
RUNS = {"cpp": 60, "python": 30, "javascript": 15, "java": 10}
SOURCES = {
    "python": "print(sum(map(int, input().split())))",
    "javascript": "console.log(require('fs').readFileSync(0, 'utf8').trim().split(' ')"
    ".map(Number).reduce((a, b) => a + b))",
    "java": "import java.util.*;\npublic class Main { public static void main(String[] a) {"
    " Scanner s = new Scanner(System.in);"
    " System.out.println(s.nextInt() + s.nextInt() + s.nextInt()); } }",
    "cpp": "#include <iostream>\nint main() {"
    " int a, b, c; std::cin >> a >> b >> c; std::cout << a + b + c; }",
}


@dataclass
class Spent:
    """CPU and wall seconds of single runs."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def time(self, action: Callable[[], bytes]) -> None:
        cpu, wall = _cpu(), time.perf_counter()
        output = action()
        self.cpu.append(_cpu() - cpu)
        self.wall.append(time.perf_counter() - wall)
        assert output.strip() == b"6", output


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="a third of the runs")
    options = parser.parse_args()
    user = SANDBOX_USER if os.geteuid() == 0 else None
    workplace = Workplace.open("", user=user)
    toolchains = find_toolchains(workplace=workplace)
    missed = False
    for language, toolchain in toolchains.items():
        if isinstance(toolchain, str):
            print(f"{LANGUAGE_NAMES[language]:11} left out: {toolchain}")
            continue
        runs = max(3, RUNS[language] // (3 if options.quick else 1))
        with workplace.job_folder() as folder:
            ratios, plain, boxed = measure(
                toolchain, folder, user, rounds=options.rounds, runs=runs
            )
        ratio, target = statistics.median(ratios), TARGETS[language]
        missed = missed or ratio > target
        print(
            f"{LANGUAGE_NAMES[language]:11} CPU ×{ratio:.2f} ({min(ratios):.2f}-{max(ratios):.2f}),"
            f" target ×{target}: {1000 * plain:.1f} ms plain, {1000 * boxed:.1f} ms in the sandbox",
            flush=True,
        )
    whole_job(rounds=options.rounds)
    return int(missed)


def measure(
    toolchain: Toolchain, folder: Path, user: int | None, *, rounds: int, runs: int
) -> tuple[list[float], float, float]:
    """Ratio of CPU of each round, and the mean CPU seconds of a run, plain and in the sandbox."""
    (folder / toolchain.source_name).write_text(SOURCES[toolchain.language])
    if command := toolchain.compile_command():
        subprocess.run(command, cwd=folder, check=True)
    argv = toolchain.run_command(LIMITS)
    environment = dict(ENVIRONMENT)
    box = Box(
        argv=argv,
        folder=str(folder),
        environment=environment,
        readable=(*toolchain.readable, str(folder)),
        bounds=toolchain.bounds(LIMITS),
        user=user,
    )

    def plainly() -> bytes:
        done = subprocess.run(
            argv, input=INPUT, capture_output=True, cwd=folder, env=environment, check=True
        )
        return done.stdout

    def boxed() -> bytes:
        return run_in_box(box, stdin=INPUT, until=time.monotonic() + 60).stdout

    totals, ratios = (Spent(), Spent()), []
    for number in range(rounds):
        pair = (Spent(), Spent())
        order = [(pair[0], plainly), (pair[1], boxed)]
        for spent, action in order if number % 2 else reversed(order):
            action()
            for _ in range(runs):
                spent.time(action)
        ratios.append(sum(pair[1].cpu) / sum(pair[0].cpu))
        for total, spent in zip(totals, pair, strict=True):
            total.cpu += spent.cpu
    return ratios, statistics.mean(totals[0].cpu), statistics.mean(totals[1].cpu)


def whole_job(*, rounds: int) -> None:
    """Wall time of one Python sample through the local engine, against the program alone."""
    # Late: what it imports makes this process larger than a runner, and forks of it dearer.
    from judge.engines.local import LocalEngine

    engine, job = LocalEngine(), RunJob("python", SOURCES["python"], ("1 2 3\n",))
    command = ["/usr/bin/env", "python3", "-I", "-S", "-c", SOURCES["python"]]
    bare, whole = Spent(), Spent()
    for _ in range(5 * rounds):
        bare.time(
            lambda: subprocess.run(command, input=INPUT, capture_output=True, check=True).stdout
        )
        whole.time(lambda: engine.run(job).cases[0].stdout.encode())
    alone, through = min(bare.wall), min(whole.wall)
    print(f"a sample    wall ×{through / alone:.1f}, target ×10 and a poll:", end=" ")
    print(f"{1000 * alone:.0f} ms bare, {1000 * through:.0f} ms through the engine (best of each)")


def _cpu() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


if __name__ == "__main__":
    sys.exit(main())
