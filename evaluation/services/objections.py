"""A learner's "this is wrong": kept for staff, once a key point, and changeable."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evaluation.errors import UnknownKeyPoint
from evaluation.models import Evaluation, Objection


@transaction.atomic
def object_to_point(
    *, evaluation: Evaluation, point_title: str, note: str = "", now: datetime
) -> Objection:
    """Keep the objection; a second one to the same point replaces its note."""
    levels = {point["title"]: point["level"] for point in evaluation.key_points}
    if point_title not in levels:
        raise UnknownKeyPoint(fields={"point_title": ["This feedback has no such key point."]})
    values = {"level": levels[point_title], "note": note[:1000], "resolved_at": None}
    objection, _ = Objection.objects.update_or_create(
        evaluation=evaluation,
        point_title=point_title[:300],
        defaults=values,
        create_defaults={**values, "created_at": now},
    )
    return objection


@transaction.atomic
def resolve_objection(*, objection: Objection, now: datetime) -> None:
    """Staff have looked at it."""
    Objection.objects.filter(pk=objection.pk).update(resolved_at=now)
