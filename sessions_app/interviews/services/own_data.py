"""Export-my-data and delete-me for interview sessions."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from common import clock
from sessions_app.interviews.models import (
    SCORES,
    Attempt,
    InterviewDraft,
    InterviewDraftRevision,
    PracticeSession,
)


def export_interviews(user: User) -> list[dict[str, Any]]:
    """Every session, oldest first, with its answers, drafts and replaced texts."""
    rows = PracticeSession.objects.visible_to(user).order_by("started_at", "pk")
    rows = rows.prefetch_related("attempts", "drafts__revisions")
    return [_session(session) for session in rows]


def erase_interviews(user: User) -> None:
    """Remove all of it; drafts, revisions and attempts go with their session."""
    PracticeSession.objects.visible_to(user).delete()


def _session(session: PracticeSession) -> dict[str, Any]:
    return {
        "session_id": str(session.pk),
        "mode": session.mode,
        "category_filter": session.category_filter,
        "timer_minutes": session.timer_minutes,
        "started_at": clock.iso(session.started_at),
        "ended_at": clock.iso(session.ended_at),
        "questions_count": session.questions_count,
        "avg_score": None if session.hides_scores else session.avg_score,
        "attempts": [_attempt(a, hidden=session.hides_scores) for a in session.attempts.all()],
        "drafts": [_draft(draft) for draft in session.drafts.all()],
    }


def _attempt(attempt: Attempt, *, hidden: bool) -> dict[str, Any]:
    told = {
        **{score: getattr(attempt, score) for score in SCORES},
        "strengths": attempt.strengths,
        "improvements": attempt.improvements,
    }
    return {
        "question": attempt.question_title,
        "answer_text": attempt.answer_text,
        "created_at": clock.iso(attempt.created_at),
        "time_spent_sec": attempt.time_spent_sec,
        "late_by_sec": attempt.late_by_sec,
        "self_rating": attempt.self_rating,
        **({} if hidden else told),
    }


def _draft(draft: InterviewDraft) -> dict[str, Any]:
    revisions = [_revision(revision) for revision in draft.revisions.all()]
    return {
        "question_id": draft.question_id,
        "answer_text": draft.answer_text,
        "version": draft.version,
        "saved_at": clock.iso(draft.saved_at),
        "revisions": revisions,
    }


def _revision(revision: InterviewDraftRevision) -> dict[str, Any]:
    return {
        "answer_text": revision.answer_text,
        "version": revision.version,
        "late": revision.late,
        "conflict": revision.conflict,
        "saved_at": clock.iso(revision.saved_at),
    }
