"""A stored question as the rubric that evaluation understands."""

from __future__ import annotations

from evaluation.types import KeyPoint, Rubric, Step
from practice.models import Question


def rubric_of(question: Question) -> Rubric:
    return Rubric(
        prompt=question.prompt,
        framework_name=question.framework_name,
        framework_steps=tuple(Step.from_json(step) for step in question.framework_steps),
        structure_steps=tuple(Step.from_json(step) for step in question.structure_steps),
        key_points=tuple(KeyPoint.from_json(point) for point in question.key_points),
        sample_answer=question.sample_answer,
        min_words=question.min_words,
        follow_ups=tuple(question.follow_ups),
    )
