"""A crowd: thousands of candidates who keep their connection open and beat now and then.

8,000 connections that beat every 3 s on average make as many beats a second as 80,000 candidates
who beat every 30 s. The tail is held against that of a single candidate on an idle server.
"""

from __future__ import annotations

import resource

from bench.effort import Effort
from bench.heartbeat import beats
from bench.lab import Lab
from bench.load import Load, press
from bench.people import fill_candidates
from bench.rounds import Figure, Measured, RunVoid, interleave, ratios

CONNECTIONS, PAUSE_MS = 8_000, 3_000
# Everyone begins with a pause: eight of them make the ramp small.
SECONDS = 8 * PAUSE_MS / 1000
SPARE_FILES = 500


def run(lab: Lab, effort: Effort) -> list[Figure]:
    from common import clock

    count = _connections()
    people = fill_candidates(lab, CONNECTIONS, now=clock.now())
    requests = beats(people, "etude")
    room = str(CONNECTIONS + 512)
    with lab.heartbeats(WEB_CONNECTIONS=room, WEB_BACKLOG=room) as etude:
        crowd = Load(etude.url, "paced.lua", requests, count, pause_ms=PAUSE_MS)
        alone = Load(etude.url, "paced.lua", requests, 1, threads=1, pause_ms=20)
        press(crowd, seconds=max(effort.warm_up, PAUSE_MS / 1000 * 2), servers=etude.pids)
        found = interleave(
            {
                "alone": lambda: press(alone, seconds=effort.seconds, servers=etude.pids),
                "crowd": lambda: press(crowd, seconds=SECONDS, servers=etude.pids),
            },
            rounds=effort.rounds,
        )
    crowds = found["crowd"]
    due = count / (PAUSE_MS / 1000)
    path = f"{count:,} keep-alive candidates, {due:,.0f} beats/s due"
    return [
        Figure(
            path, "an idle beat", "p99, ×", ratios(crowds, found["alone"], p99), 5, at_least=False
        ),
        Figure(
            path,
            "what they mean to send",
            "beats answered, ×",
            tuple(one.rate / due for one in crowds),
            note="no error answer, no lost connection",
        ),
    ]


def p99(one: Measured) -> float:
    return one.p99_ms


def _connections() -> int:
    """As many as this machine lets a process open; fewer are reported."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = CONNECTIONS + SPARE_FILES if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, CONNECTIONS + SPARE_FILES), hard))
    count = min(CONNECTIONS, limit - SPARE_FILES)
    if count < CONNECTIONS // 8:
        raise RunVoid(f"Only {limit} open files are allowed here; raise `ulimit -n`.")
    return count
