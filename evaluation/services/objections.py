"""A learner's "this is wrong": kept for staff once a key point, and answered by them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evaluation.errors import UnknownKeyPoint
from evaluation.models import Evaluation, Objection, WordingCandidate
from evaluation.services.wordings import suggest_wordings, words_in


@transaction.atomic
def object_to_point(
    *, evaluation: Evaluation, point_title: str, note: str = "", now: datetime
) -> Objection:
    """Keep the objection; a second one to the same point replaces its note, and waits again.

    Words of the answer that the note quotes become candidates for wordings of the point.
    """
    levels = {point["title"]: point["level"] for point in evaluation.key_points}
    if point_title not in levels:
        raise UnknownKeyPoint(fields={"point_title": ["This feedback has no such key point."]})
    values = {"level": levels[point_title], "note": note[:1000], "answer": "", "resolved_at": None}
    objection, _ = Objection.objects.update_or_create(
        evaluation=evaluation,
        point_title=point_title[:300],
        defaults=values,
        create_defaults={**values, "created_at": now},
    )
    suggest_wordings(
        evaluation=evaluation,
        words={point_title: words_in(note, evaluation.answer)},
        source=WordingCandidate.Source.OBJECTION,
        now=now,
    )
    return objection


@transaction.atomic
def answer_objection(*, objection: Objection, answer: str, now: datetime) -> None:
    """Staff have looked at it; the learner reads the answer at the point, or that it was looked at.
    An answer may be written anew."""
    Objection.objects.filter(pk=objection.pk).update(answer=answer.strip(), resolved_at=now)
