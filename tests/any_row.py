"""A valid row of any model, with rows of its own behind each of its keys, made from its fields.

For sweeps over everything that is registered somewhere; tests of rules use factories.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import models

from tests import NOW

WORDS = "Zoë’s “<b>&amp;</b>” row {} ‮ {{{{ x }}}} % \\ 日本"
# What a constraint asks for beyond the fields.
NEEDED: dict[str, dict[str, Any]] = {
    "tracking.Evidence": {"evidence_type": "note", "content": WORDS},
    "evaluation.ClaudeSwitch": {"pk": 1},
    "evaluation.Evaluation": {
        "status": "succeeded",
        "overall_score": 10.0,
        "input": {"rubric": {"prompt": WORDS, "key_points": []}, "answer": WORDS, "diagram": None},
    },
    "evaluation.StaffMark": {"score": 5.0},
    "practice.PracticeMainHistory": {"status": "completed", "completed_at": NOW},
}
_numbers = itertools.count(1)


def any_row(model: type[models.Model], **values: Any) -> Any:
    """Saved without `full_clean`: the database's own constraints must hold, nothing else."""
    for field in model._meta.concrete_fields:
        given = {field.name, field.attname} & (values.keys() | NEEDED.get(model._meta.label, {}))
        if not given and not _fills_itself(field):
            values[field.name] = _value(field)
    row = model(**NEEDED.get(model._meta.label, {}), **values)
    row.save(force_insert=True)
    return row


def _fills_itself(field: models.Field) -> bool:
    stamps = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return field.null or field.has_default() or isinstance(field, models.AutoField) or stamps


def _value(field: models.Field) -> Any:
    number = next(_numbers)
    if field.is_relation:
        return any_row(field.related_model)
    if field.choices:
        return "" if field.blank else field.flatchoices[0][0]
    for kinds, make in BY_KIND:
        if isinstance(field, kinds):
            return make(number)
    if isinstance(field, models.CharField | models.TextField):
        return WORDS.format(number)[: field.max_length]
    return number % 1000 + 1


# The first that fits; narrower kinds stand before the wider ones.
BY_KIND: list[tuple[type[models.Field], Callable[[int], Any]]] = [
    (models.GenericIPAddressField, lambda number: "192.0.2.1"),
    (models.EmailField, lambda number: f"row{number}@example.com"),
    (models.SlugField, lambda number: f"row-{number}"),
    (models.DateTimeField, lambda number: NOW + timedelta(seconds=number)),
    (models.DateField, lambda number: date(2026, 1, 1)),
    (models.UUIDField, lambda number: uuid.uuid4()),
    (models.BooleanField, lambda number: False),
    (models.JSONField, lambda number: {}),
]
