"""Export-my-data and delete-me for practice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from common.clock import iso
from practice.models import PracticeMain, PracticeMainHistory
from practice.selectors.sessions import AnyPractice, AnySession

if TYPE_CHECKING:
    from accounts.models import User

MODELS = (PracticeMain, PracticeMainHistory)


def export_practice(user: User) -> list[dict[str, Any]]:
    """Every session with every word that was saved in it, oldest first."""
    sessions: list[AnySession] = []
    for model in MODELS:
        sessions += model.objects.visible_to(user).select_related("question_main")
    return [_session(session) for session in sorted(sessions, key=lambda s: (s.started_at, s.pk))]


def _session(session: AnySession) -> dict[str, Any]:
    board = getattr(session, "board", None)
    return {
        "practice_main_id": session.pk,
        "set": session.question_main.title,
        "status": session.status,
        "started_at": iso(session.started_at),
        "completed_at": iso(session.completed_at),
        "questions": [_question(practice) for practice in session.practices.all()],
        "board": board.scene if board else None,
        "board_revisions": [
            {"saved_at": iso(r.saved_at), "version": r.version, "scene": r.scene}
            for r in session.board_revisions.all()
        ],
    }


def _question(practice: AnyPractice) -> dict[str, Any]:
    return {
        "order": practice.order,
        "title": practice.title,
        "prompt": practice.prompt,
        "answer_text": practice.answer_text,
        "active_seconds": practice.active_seconds,
        "saved_at": iso(practice.saved_at),
        "submissions": [
            {
                "number": s.number,
                "answer_text": s.answer_text,
                "submitted_at": iso(s.submitted_at),
                "evaluation_id": s.evaluation_id,
            }
            for s in practice.submissions.all()
        ],
        "revisions": [
            {
                "answer_text": r.answer_text,
                "version": r.version,
                "conflict": r.conflict,
                "saved_at": iso(r.saved_at),
            }
            for r in practice.revisions.all()
        ],
    }


@transaction.atomic
def erase_practice(user: User) -> None:
    """Remove all sessions of a user, live and completed, with everything in them."""
    for model in MODELS:
        model.objects.visible_to(user).delete()
