"""Rubrics, answers and evaluations for the tests."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from evaluation.models import Evaluation
from evaluation.services.requests import request_evaluation
from evaluation.types import Diagram, KeyPoint, Rubric, Step

RUBRIC = Rubric(
    prompt="Design a service that shortens long links. How would you serve the redirects?",
    framework_name="Scope, load, design",
    framework_steps=(
        Step("Clarify the scope", cues=("in scope", "assume", "clarify")),
        Step("Estimate the load", cues=("per second", "a day", "a month")),
    ),
    structure_steps=(Step("Trade-off named", cues=("trade-off", "at the cost of", "instead of")),),
    key_points=(
        KeyPoint(
            "Reads far outnumber writes",
            "Redirect reads exceed writes by a hundred to one, so the read path decides the design.",
            weight=2,
            aliases=("read-heavy", "100:1"),
        ),
        KeyPoint(
            "Hot codes come from a cache",
            "A cache in memory holds the most popular codes and answers without the database.",
            aliases=("Redis", "memcached"),
        ),
        KeyPoint(
            "301 or 302 is a choice",
            "A permanent redirect is kept by browsers and hides clicks; a temporary one counts them.",
            aliases=("301", "302"),
        ),
    ),
    sample_answer=(
        "I assume that only shortening and redirecting are in scope. Redirect reads exceed writes by a "
        "hundred to one, so the read path decides the design: ten thousand reads per second against a "
        "hundred writes. A cache in memory holds the most popular codes and answers without the "
        "database, which keeps the latency low. A permanent redirect is kept by browsers and hides "
        "clicks, while a temporary one counts them at the cost of more traffic. I would choose the "
        "temporary one because the owners want statistics."
    ),
)
GOOD = (
    "I assume that expiry is out of scope. The system is read-heavy: there are about a hundred "
    "redirect reads for every write, so the read path decides what I build. That is roughly ten "
    "thousand reads per second. The most popular codes stay in a Redis cache in memory, so most "
    "requests never reach the database. I would answer with a temporary redirect instead of a "
    "permanent one, because browsers keep the permanent one and then we cannot count the clicks."
)
PARTIAL = (
    "I assume that expiry is out of scope. The system is read-heavy: there are about a hundred "
    "redirect reads for every write, so the read path decides what I build. That is roughly ten "
    "thousand reads per second, which several web servers behind a balancer can answer."
)


def make_evaluation(
    *,
    owner: User,
    now: datetime,
    answer: str = GOOD,
    rubric: Rubric = RUBRIC,
    diagram: Diagram | None = None,
    kind: str = "practice_submission",
    **columns: object,
) -> Evaluation:
    """A queued evaluation; `columns` are set afterwards."""
    evaluation = request_evaluation(
        owner=owner, kind=kind, rubric=rubric, answer=answer, diagram=diagram, now=now
    )
    if columns:
        Evaluation.objects.filter(pk=evaluation.pk).update(**columns)
        evaluation.refresh_from_db()
    return evaluation


def due_again(evaluation: Evaluation) -> None:
    """Its next try need not wait."""
    Evaluation.objects.filter(pk=evaluation.pk).update(next_try_at=None)
