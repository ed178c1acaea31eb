"""Takes coding questions out of use; nothing that somebody answered is deleted."""

from __future__ import annotations

from datetime import datetime

from sessions_app.proctoring.models import CodingQuestion


def retire_question(*, question: CodingQuestion, now: datetime) -> None:
    """No longer picked for tests without an assessment; running tests keep it."""
    if question.retired_at is None:
        question.retired_at = now
        question.save(update_fields=["retired_at", "updated_at"])


def bring_back_question(*, question: CodingQuestion) -> None:
    question.retired_at = None
    question.save(update_fields=["retired_at", "updated_at"])
