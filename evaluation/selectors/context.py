"""The context of a verdict: the objections to it, and the scored try before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from common.db import compiled
from evaluation import subjects
from evaluation.models import Evaluation

LOOKED_BACK = 5


@dataclass(frozen=True)
class Reply:
    """What became of an objection: whether staff looked at it, and their answer, "" for none."""

    looked_at: bool
    answer: str


@dataclass(frozen=True)
class EvaluationContext:
    """`objected`: what staff said, by titles of key points; `before` is the try before, judged by
    the same provider and model and the same version of the scoring."""

    objected: Mapping[str, Reply] = field(default_factory=dict)
    before: Evaluation | None = None


@compiled
def scored_tries(owner_id: Any, kind: Any, question_key: Any) -> QuerySet[Any, Any]:
    """(id, title of a point objected to or None, when staff looked at it, their answer, provider,
    model, version) of the scored tries at one question."""
    same = Evaluation.objects.of_question(owner_id=owner_id, kind=kind, question_key=question_key)
    objection = ("point_title", "resolved_at", "answer")
    judge = ("provider", "model", "scoring_version")
    columns = ("pk", *(f"objections__{name}" for name in objection), *judge)
    return same.order_by("pk").values_list(*columns)


@compiled
def key_points_met(pk: Any) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(pk=pk).only("kind", "overall_score", "key_points")


def contexts_of(evaluations: Sequence[Evaluation]) -> dict[int, EvaluationContext]:
    """By id, for scored evaluations. One query a question, and one for a try before that is not
    among them."""
    questions = defaultdict(list)
    for one in evaluations:
        questions[one.owner_id, one.kind, one.question_key].append(one)
    found = {}
    for (owner_id, kind, key), asked in questions.items():
        tries = scored_tries.all(owner_id=owner_id, kind=kind, question_key=key)
        at_hand = {one.pk: one for one in asked}
        for one in asked:
            objected = {
                title: Reply(at is not None, answer)
                for pk, title, at, answer, *_ in tries
                if pk == one.pk and title
            }
            judged = (one.provider, one.model, one.scoring_version)
            earlier = {pk for pk, _, _, _, *by in tries if pk < one.pk and tuple(by) == judged}
            rows = (
                at_hand.get(pk) or key_points_met.first(pk=pk)
                for pk in sorted(earlier, reverse=True)[:LOOKED_BACK]
            )
            # A try whose outcome is still secret (a running mock interview) must show nothing here.
            before = next((row for row in rows if row and not subjects.is_secret(row)), None)
            found[one.pk] = EvaluationContext(objected, before)
    return found
