"""Lets any page include the feedback fragment with nothing but an evaluation."""

from __future__ import annotations

from django import template

from evaluation.models import Evaluation
from evaluation.selectors import explanation, feedback

register = template.Library()


@register.simple_tag
def feedback_of(evaluation: Evaluation, answer: str = "") -> feedback.Feedback:
    return feedback.feedback_of(evaluation, answer=answer or None)


@register.simple_tag
def score_explanation(evaluation: Evaluation) -> list[tuple[str, str]]:
    return explanation.explain(evaluation)


@register.simple_tag
def score_contrast(evaluation: Evaluation) -> str:
    return explanation.contrast(evaluation)
