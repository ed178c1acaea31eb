"""Quick notes for authors on a stored question; the lint is `manage.py check_question_bank`."""

from __future__ import annotations

from practice.models import Question

FEW_POINTS = 3
SHORT_SAMPLE = 120


def notes_on(question: Question) -> list[str]:
    """Weak spots of a question, as sentences."""
    notes = []
    if len(question.key_points) < FEW_POINTS:
        notes.append(f"only {len(question.key_points)} key points")
    if not any(point.get("aliases") for point in question.key_points):
        notes.append("no accepted wordings")
    if len(question.sample_answer.split()) < SHORT_SAMPLE:
        notes.append(f"sample answer under {SHORT_SAMPLE} words")
    if not question.framework_steps:
        notes.append("no framework steps")
    return notes
