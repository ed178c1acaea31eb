"""Export-my-data and delete-me for interview sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.models import User
from common import clock
from sessions_app.interviews.models import SCORES, PracticeSession

SESSION = (
    *("mode", "category_filter", "timer_minutes", "started_at", "ended_at"),
    *("questions_count", "avg_score"),
)
ATTEMPT = ("answer_text", "created_at", "time_spent_sec", "late_by_sec", "self_rating")
RESULT = (*SCORES, "strengths", "improvements")
DRAFT = ("question_id", "answer_text", "version", "saved_at")
REVISION = ("answer_text", "version", "late", "conflict", "saved_at")


def export_interviews(user: User) -> list[dict[str, Any]]:
    """Every session, oldest first, with its answers, drafts and replaced texts."""
    rows = PracticeSession.objects.visible_to(user).order_by("started_at", "pk")
    sessions = []
    for session in rows.prefetch_related("attempts", "drafts__revisions"):
        of_attempt = ATTEMPT if session.hides_scores else (*ATTEMPT, *RESULT)
        exported = {"session_id": str(session.pk), **_values(session, SESSION)}
        if session.hides_scores:
            exported["avg_score"] = None
        exported["attempts"] = [
            {"question": attempt.question_title, **_values(attempt, of_attempt)}
            for attempt in session.attempts.all()
        ]
        exported["drafts"] = [
            {**_values(d, DRAFT), "revisions": [_values(r, REVISION) for r in d.revisions.all()]}
            for d in session.drafts.all()
        ]
        sessions.append(exported)
    return sessions


def erase_interviews(user: User) -> None:
    """Remove all of it; drafts, revisions and attempts go with their session."""
    PracticeSession.objects.visible_to(user).delete()


def _values(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {n: clock.iso(v) if isinstance(v, datetime) else v for n, v in values.items()}
