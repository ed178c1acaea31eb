"""Load by wrk: requests from a file, any error answer voids the run."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.cpu import cpu_seconds
from bench.effort import Effort
from bench.lab import Server
from bench.rounds import Measured, RunVoid, interleave

LUA = Path(__file__).resolve().parent / "lua"
MISSING = "wrk makes the load and is not installed. On Debian: apt-get install wrk"


@dataclass(frozen=True)
class Request:
    """One request as the load scripts read it; `headers` without host and content length."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


@dataclass(frozen=True)
class Load:
    """How to press: `script` is a file of bench/lua, `requests` what it draws from."""

    url: str
    script: str
    requests: Path
    connections: int
    threads: int = 2
    pause_ms: int = 0


def write_requests(requests: Iterable[Request]) -> Path:
    """A file with one line a request: fields by tabs, headers by \\x1f (bodies hold neither)."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", delete=False) as file:
        for one in requests:
            headers = "\x1f".join(f"{name}: {value}" for name, value in one.headers)
            file.write("\t".join((one.method, one.path, headers, one.body)) + "\n")
    return Path(file.name)


def press(load: Load, *, seconds: float, servers: Sequence[int]) -> Measured:
    """Run wrk once. Raises RunVoid on any answer over 399, any dropped or timed-out connection."""
    if shutil.which("wrk") is None:
        raise RunVoid(MISSING)
    before = cpu_seconds(servers)
    result = _wrk(load, seconds)
    spent = cpu_seconds(servers) - before
    if result["requests"] == 0 or any(result["errors"].values()):
        raise RunVoid(f"{load.url} {load.script}: {result['requests']} answers, {result['errors']}")
    return Measured(
        requests=result["requests"],
        seconds=result["seconds"],
        cpu_us=spent / result["requests"] * 1e6,
        p50_ms=result["p50_us"] / 1000,
        p99_ms=result["p99_us"] / 1000,
    )


def in_turn(
    ours: tuple[Load, Server], theirs: tuple[Load, Server], effort: Effort
) -> tuple[list[Measured], list[Measured]]:
    """Warm both sides up, then press them in turn: the rounds of Etude, the rounds of the peer."""
    sides = {"etude": ours, "peer": theirs}
    for load, server in sides.values():
        press(load, seconds=effort.warm_up, servers=server.pids)

    def once(load: Load, server: Server) -> Measured:
        return press(load, seconds=effort.seconds, servers=server.pids)

    found = interleave(
        {side: partial(once, *pressed) for side, pressed in sides.items()}, rounds=effort.rounds
    )
    return found["etude"], found["peer"]


def _wrk(load: Load, seconds: float) -> dict:
    command = [
        *("wrk", "-t", str(load.threads), "-c", str(load.connections)),
        *("-d", f"{seconds:.0f}s", "--timeout", "20s", "-s", str(LUA / load.script), load.url),
        *("--", str(load.requests), str(load.threads), str(load.pause_ms)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise RunVoid(f"wrk: {done.stdout[-500:]}{done.stderr[-500:]}")
    return json.loads(lines[-1])
