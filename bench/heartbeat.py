"""Heartbeats: against the peer, against bare durable UPDATEs, and whether they stay in place."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from bench.effort import Effort
from bench.lab import Lab
from bench.load import Load, Request, press, write_requests
from bench.people import Person, fill_candidates
from bench.rounds import Figure, Measured, RunVoid, cpu, interleave, rate, ratios

CANDIDATES, CONNECTIONS = 4000, 256
# The most that PostgreSQL gives on two cores: fewer clients wait for the disk, more for each other.
PGBENCH_CLIENTS = 32
ONE_ROW = """\\set n random(1, {count})
UPDATE bare SET last_heartbeat = now() WHERE id = :n;
"""


def run(lab: Lab, effort: Effort) -> list[Figure]:
    from common import clock

    people = fill_candidates(lab, CANDIDATES, now=clock.now())
    script = _fill_bare(lab)
    with lab.heartbeats() as etude, lab.peer() as peer:
        ours = Load(etude.url, "replay.lua", beats(people, "etude"), CONNECTIONS)
        theirs = Load(peer.url, "replay.lua", beats(people, "peer"), CONNECTIONS)
        for load, server in ((ours, etude), (theirs, peer)):
            press(load, seconds=effort.warm_up, servers=server.pids)
        hot_before = _updates(lab)
        found = interleave(
            {
                "etude": lambda: press(ours, seconds=effort.seconds, servers=etude.pids),
                "peer": lambda: press(theirs, seconds=effort.seconds, servers=peer.pids),
                "pgbench": lambda: _pgbench(lab, script, effort.seconds),
            },
            rounds=effort.rounds,
        )
        share = _hot_share(lab, hot_before)
    mine, other, bare = found["etude"], found["peer"], found["pgbench"]
    against = "FastAPI peer"
    return [
        Figure(
            "heartbeat, 256 connections", against, "requests/s, ×", ratios(mine, other, rate), 20
        ),
        Figure(
            "heartbeat, 256 connections",
            against,
            "CPU a request, ×",
            ratios(mine, other, cpu),
            1 / 20,
            at_least=False,
        ),
        Figure(
            "heartbeat, 256 connections",
            "pgbench, one row a durable UPDATE",
            "requests/s, ×",
            ratios(mine, bare, rate),
            0.65,
        ),
        Figure("heartbeats", "all updates of the row", "HOT share", (share,), 0.99),
    ]


def beats(people: list[Person], side: str) -> Path:
    """One beat of each, with the token of that side."""
    return write_requests(
        Request(
            "PUT",
            f"/api/test-session/{person.id}/heartbeat",
            (("Authorization", f"Bearer {getattr(person, side)}"),),
        )
        for person in people
    )


def _updates(lab: Lab) -> tuple[int, int]:
    """(all, HOT) updates of the beat rows so far; PostgreSQL counts with a second's delay."""
    time.sleep(2)
    (row,) = lab.sql(
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables "
        "WHERE relname = 'test_session_beat'",
        database="etude",
    )
    return row[0], row[1]


def _hot_share(lab: Lab, before: tuple[int, int]) -> float:
    after = _updates(lab)
    if after[0] == before[0]:
        raise RunVoid("No beat reached its row.")
    return (after[1] - before[1]) / (after[0] - before[0])


def _fill_bare(lab: Lab) -> str:
    """A table as narrow and as loosely packed as that of the beats, and pgbench's script for it."""
    lab.sql(
        "CREATE TABLE IF NOT EXISTS bare "
        "(id int PRIMARY KEY, last_heartbeat timestamptz) WITH (fillfactor = 50)"
    )
    lab.sql("TRUNCATE bare")
    lab.sql(f"INSERT INTO bare SELECT n, now() FROM generate_series(1, {CANDIDATES}) n")  # noqa: S608
    lab.sql("VACUUM ANALYZE bare")
    path = lab.folder / "one_row.sql"
    path.write_text(ONE_ROW.format(count=CANDIDATES))
    return str(path)


def _pgbench(lab: Lab, script: str, seconds: float) -> Measured:
    command = [
        *(str(lab.postgres.binaries / "pgbench"), "--no-vacuum", "--protocol=prepared"),
        *("-c", str(PGBENCH_CLIENTS), "-j", "2", "-T", f"{seconds:.0f}", "-f", script),
        *("-h", "127.0.0.1", "-p", str(lab.postgres.port), "-U", "postgres", "postgres"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    count = re.search(r"transactions actually processed: (\d+)", done.stdout)
    failed = re.search(r"failed transactions: (\d+)", done.stdout)
    speed = re.search(r"tps = ([\d.]+)", done.stdout)
    if not (count and speed) or (failed and failed[1] != "0"):
        raise RunVoid(f"pgbench: {done.stdout[-500:]}{done.stderr[-500:]}")
    return Measured(int(count[1]), int(count[1]) / float(speed[1]))
