"""A stored question as the rubric that evaluation understands."""

from __future__ import annotations

from typing import Any

from evaluation.types import KeyPoint, Rubric, Step
from practice.models import Question


def rubric_of(question: Question) -> Rubric:
    """With the wordings that staff accepted beside those of the file."""
    return Rubric(
        prompt=question.prompt,
        framework_name=question.framework_name,
        framework_steps=tuple(Step.from_json(step) for step in question.framework_steps),
        structure_steps=tuple(Step.from_json(step) for step in question.structure_steps),
        key_points=tuple(
            _key_point(point, question.accepted_wordings) for point in question.key_points
        ),
        sample_answer=question.sample_answer,
        min_words=question.min_words,
        follow_ups=tuple(question.follow_ups),
    )


def _key_point(point: dict[str, Any], accepted: dict[str, list[str]]) -> KeyPoint:
    aliases = [*(point.get("aliases") or ()), *accepted.get(point["title"], ())]
    return KeyPoint.from_json({**point, "aliases": aliases})
