"""Start or resume: 16 clients press for the same candidate at once, again and again.

The first makes the test, the others find it. The peer does it the naive way, select then insert,
with no constraint behind it; the number of surplus tests is reported.
"""

from __future__ import annotations

import json
from pathlib import Path

from bench.effort import Effort
from bench.lab import Lab
from bench.load import Load, Request, press, write_requests
from bench.people import Person, fill_candidates
from bench.rounds import Figure, Measured, cpu, interleave, rate, ratios

CLIENTS, CANDIDATES = 16, 20_000
PER_ROUND = 2_000


def run(lab: Lab, effort: Effort) -> list[Figure]:
    from common import clock

    people = fill_candidates(lab, CANDIDATES, now=clock.now(), started=False)
    # Fresh candidates for each round: what was started stays started.
    groups = iter(people[n : n + PER_ROUND] for n in range(0, CANDIDATES, PER_ROUND))
    rounds = min(effort.rounds, CANDIDATES // PER_ROUND - 1)
    with lab.etude() as etude, lab.peer() as peer:

        def one(side: str, group: list[Person]) -> Measured:
            server = etude if side == "etude" else peer
            load = Load(server.url, "all_at_once.lua", _starts(group, side), CLIENTS, CLIENTS)
            return press(load, seconds=effort.seconds, servers=server.pids)

        group = next(groups)
        one("etude", group), one("peer", group)
        shared = _Shared(groups)
        found = interleave(
            {
                "etude": lambda: one("etude", shared.take("etude")),
                "peer": lambda: one("peer", shared.take("peer")),
            },
            rounds=rounds,
        )
    extra = _duplicates(lab, "naive_session", "peer")
    mine, other = found["etude"], found["peer"]
    path, against = f"start or resume, {CLIENTS} clients", "naive select-then-insert (peer)"
    return [
        Figure(path, against, "requests/s, ×", ratios(mine, other, rate), 2),
        Figure(path, against, "CPU a request, ×", ratios(mine, other, cpu)),
        Figure(
            path,
            "one candidate, one test",
            "duplicates",
            (float(_duplicates(lab, "test_session", "etude")),),
            0,
            at_least=False,
            note=f"the naive way made {extra}",
        ),
    ]


class _Shared:
    """The same candidates for both sides of a round."""

    def __init__(self, groups) -> None:  # type: ignore[no-untyped-def]
        self.groups = groups
        self.given: dict[str, int] = {}
        self.taken: list[list[Person]] = []

    def take(self, side: str) -> list[Person]:
        number = self.given.get(side, 0)
        self.given[side] = number + 1
        if number == len(self.taken):
            self.taken.append(next(self.groups))
        return self.taken[number]


def _starts(people: list[Person], side: str) -> Path:
    return write_requests(
        Request(
            "POST",
            "/api/test-session",
            (
                ("Authorization", f"Bearer {getattr(person, side)}"),
                ("Content-Type", "application/json"),
            ),
            json.dumps({"candidate_id": person.id, "test_duration_minutes": 60}),
        )
        for person in people
    )


def _duplicates(lab: Lab, table: str, database: str) -> int:
    ((count,),) = lab.sql(
        f"SELECT count(*) - count(DISTINCT candidate_id) FROM {table}",  # noqa: S608
        database=database,
    )
    return int(count)
