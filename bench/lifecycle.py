"""The life of an interview session through the API: nine requests, from start to end."""

from __future__ import annotations

from pathlib import Path

from bench.effort import Effort
from bench.lab import Lab
from bench.learners import fill_learners
from bench.load import Load, Request, in_turn, write_requests
from bench.people import Person
from bench.rounds import Figure, cpu, rate, ratios

LEARNERS, CLIENTS = 480, 16
ANSWER = (
    "I would first ask who travels and why, then name the three moments where it goes wrong today. "
    "For each I would say what success looks like, how it is measured, and what we would leave out "
    "of a first version. The riskiest assumption is tested first, with the smallest thing that can "
    "prove it wrong, before anything is built for everyone."
)


def run(lab: Lab, effort: Effort) -> list[Figure]:
    from common import clock

    _, people = fill_learners(lab, LEARNERS, now=clock.now())
    with lab.etude() as etude, lab.peer() as peer:
        ours = Load(etude.url, "lifecycle.lua", _learners(people, "etude"), CLIENTS, CLIENTS)
        theirs = Load(peer.url, "lifecycle.lua", _learners(people, "peer"), CLIENTS, CLIENTS)
        mine, other = in_turn((ours, etude), (theirs, peer), effort)
    path = f"lifecycle of an interview (9 requests), {CLIENTS} clients"
    return [
        Figure(path, "FastAPI peer", "requests/s, ×", ratios(mine, other, rate), 1.5),
        Figure(
            path, "FastAPI peer", "CPU a request, ×", ratios(mine, other, cpu), 0.6, at_least=False
        ),
    ]


def _learners(people: list[Person], side: str) -> Path:
    """Every learner with a category, two of its questions and an answer."""
    from practice.models import Question

    rows = list(
        Question.objects.in_use()
        .interview()
        .order_by("question_main_id", "pk")
        .values_list("pk", "question_main__category")
    )
    category = rows[0][1]
    first, second = [pk for pk, name in rows if name == category][:2]
    return write_requests(
        Request(
            "POST",
            "/",
            (
                ("Authorization", f"Bearer {getattr(person, side)}"),
                ("Content-Type", "application/json"),
            ),
            f"{category}|{first}|{second}|{ANSWER}",
        )
        for person in people
    )
