"""Export-my-data and delete-me for interview sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.models import User
from accounts.personal_data import Each
from common import clock
from sessions_app.interviews.models import SCORES, PracticeSession

SESSION = (
    *("mode", "category_filter", "timer_minutes", "asks_back", "started_at", "ended_at"),
    *("questions_count", "avg_score"),
)
ATTEMPT = ("answer_text", "created_at", "time_spent_sec", "late_by_sec", "self_rating")
RESULT = (*SCORES, "strengths", "improvements")
DRAFT = ("question_id", "answer_text", "version", "saved_at")
FOLLOW_UP = ("number", "question_text", "answer_text", "asked_at", "answered_at")
REVISION = ("answer_text", "version", "late", "conflict", "saved_at")


def export_interviews(user: User) -> Each:
    """Every session, oldest first, with its answers, drafts and replaced texts."""
    return Each([PracticeSession.objects.visible_to(user).order_by("started_at", "pk")], _session)


def _session(session: PracticeSession) -> dict[str, Any]:
    of_attempt = ATTEMPT if session.hides_scores else (*ATTEMPT, *RESULT)
    exported = {"session_id": str(session.pk), **_values(session, SESSION)}
    if session.hides_scores:
        exported["avg_score"] = None
    exported["attempts"] = Each(
        [session.attempts.order_by("pk")],
        lambda one: {
            "question": one.question_title,
            **_values(one, of_attempt),
            "follow_ups": Each([one.follow_ups.order_by("number")], _follow_up),
        },
    )
    exported["drafts"] = Each([session.drafts.order_by("pk")], _draft)
    return exported


def _draft(draft: Any) -> dict[str, Any]:
    return {**_values(draft, DRAFT), "revisions": _revisions(draft)}


def _follow_up(follow_up: Any) -> dict[str, Any]:
    return {**_values(follow_up, FOLLOW_UP), "revisions": _revisions(follow_up)}


def erase_interviews(user: User) -> None:
    """Remove all of it; drafts, revisions, attempts and replies go with their session."""
    PracticeSession.objects.visible_to(user).delete()


def _revisions(draft: Any) -> Each:
    return Each([draft.revisions.order_by("pk")], lambda one: _values(one, REVISION))


def _values(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {n: clock.iso(v) if isinstance(v, datetime) else v for n, v in values.items()}
