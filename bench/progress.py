"""Progress: a save of 3 KB, merged into the stored answers and returned, against the peer."""

from __future__ import annotations

import json
from pathlib import Path

from bench.effort import Effort
from bench.lab import Lab
from bench.load import Load, Request, in_turn, write_requests
from bench.people import Person, fill_candidates
from bench.rounds import Figure, cpu, rate, ratios

CANDIDATES, CONNECTIONS = 4000, 64
BODY_BYTES = 3072
LINE = "    total = total + weight[i] * value[i]  # step by step\n"


def run(lab: Lab, effort: Effort) -> list[Figure]:
    from common import clock

    people = fill_candidates(lab, CANDIDATES, now=clock.now())
    with lab.heartbeats() as etude, lab.peer() as peer:
        ours = Load(etude.url, "saves.lua", _saves(people, "etude"), CONNECTIONS)
        theirs = Load(peer.url, "saves.lua", _saves(people, "peer"), CONNECTIONS)
        mine, other = in_turn((ours, etude), (theirs, peer), effort)
    path = f"progress, 3 KB, {CONNECTIONS} connections"
    return [
        Figure(path, "FastAPI peer", "requests/s, ×", ratios(mine, other, rate), 7.5),
        Figure(path, "FastAPI peer", "CPU a request, ×", ratios(mine, other, cpu)),
    ]


def save_body() -> str:
    """One answer of an open editor; the load script puts a new number for each #######."""
    body = {
        "tab_id": "the-only-tab",
        "sequence": "#######",
        "pending_answers": {"question-1": {"code": "# save #######\n", "language": "python"}},
    }
    answer = body["pending_answers"]["question-1"]  # type: ignore[index]
    while len(json.dumps(body)) < BODY_BYTES:
        answer["code"] += LINE
    return json.dumps(body).replace('"#######"', "#######")


def _saves(people: list[Person], side: str) -> Path:
    body = save_body()
    return write_requests(
        Request(
            "PUT",
            f"/api/test-session/{person.id}/progress",
            (
                ("Authorization", f"Bearer {getattr(person, side)}"),
                ("Content-Type", "application/json"),
            ),
            body,
        )
        for person in people
    )
