"""What stands around a verdict: the objections to it, and the scored try before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from common.db import compiled
from evaluation import subjects
from evaluation.models import Evaluation

LOOKED_BACK = 5


@dataclass(frozen=True)
class Around:
    """`objected` are titles of key points; `before` is the try before by the same provider."""

    objected: frozenset[str] = frozenset()
    before: Evaluation | None = None


def around(evaluations: Sequence[Evaluation]) -> dict[int, Around]:
    """By id, for scored evaluations. One query a question, and one for a try before that is not
    among them."""
    questions = defaultdict(list)
    for one in evaluations:
        questions[one.owner_id, one.kind, one.question_key].append(one)
    found: dict[int, Around] = {}
    for (owner_id, kind, key), asked in questions.items():
        rows = tries_at.all(owner_id=owner_id, kind=kind, question_key=key)
        objected = defaultdict(set)
        for pk, _, title in rows:
            objected[pk].add(title)
        providers = {pk: provider for pk, provider, _ in rows}
        for one in asked:
            # Without a title the outer join tells only that nobody objected.
            titles = frozenset(objected[one.pk] - {None})
            found[one.pk] = Around(titles, _before(one, providers, asked))
    return found


def _before(
    one: Evaluation, providers: dict[int, str], asked: Sequence[Evaluation]
) -> Evaluation | None:
    at_hand = {row.pk: row for row in asked}
    earlier = [pk for pk, name in providers.items() if pk < one.pk and name == one.provider]
    for pk in sorted(earlier, reverse=True)[:LOOKED_BACK]:
        row = at_hand.get(pk) or verdict.first(pk=pk)
        # A try whose outcome is still secret (a running mock interview) tells nothing here either.
        if row is not None and not subjects.is_secret(row):
            return row
    return None


@compiled
def tries_at(owner_id: int, kind: str, question_key: str) -> QuerySet[Any, Any]:
    """(id, provider, title of a point objected to) of the scored tries at one question."""
    same = Evaluation.objects.of_question(owner_id=owner_id, kind=kind, question_key=question_key)
    return same.order_by("pk").values_list("pk", "provider", "objections__point_title")


@compiled
def verdict(pk: int) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(pk=pk).only("kind", "overall_score", "key_points")
