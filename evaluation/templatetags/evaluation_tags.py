"""Lets any page include the feedback fragment with nothing but an evaluation."""

from __future__ import annotations

from django import template

from evaluation.models import Evaluation
from evaluation.selectors import feedback
from evaluation.selectors.shown import Feedback, ModelSegment

register = template.Library()


@register.simple_tag
def feedback_of(evaluation: Evaluation, answer: str = "", loaded: Feedback | str = "") -> Feedback:
    """`loaded` is given by a page that has read all of its evaluations at once."""
    return loaded or feedback.feedback_of(evaluation, answer=answer or None)  # type: ignore[return-value]


@register.simple_tag
def model_beside(evaluation: Evaluation) -> tuple[ModelSegment, ...]:
    """For pages on which the sample answer may be read."""
    return feedback.model_beside(evaluation)
