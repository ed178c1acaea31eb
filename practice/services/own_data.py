"""Export-my-data and delete-me for practice."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model

from accounts.personal_data import Each
from common.clock import iso
from practice.models import BoardPicture, PracticeMain, PracticeMainHistory
from practice.selectors.scenes import scene_of
from practice.selectors.sessions import AnySession

if TYPE_CHECKING:
    from accounts.models import User

MODELS = (PracticeMain, PracticeMainHistory)


def export_practice(user: User) -> Each:
    """Every session with every text that was saved in it: the completed ones, then the others."""
    rows = [
        model.objects.visible_to(user).select_related("question_main").order_by("started_at", "pk")
        for model in reversed(MODELS)
    ]
    return Each(rows, _session)


def _session(session: AnySession) -> dict[str, Any]:
    board = getattr(session, "board", None)
    return {
        "practice_main_id": session.pk,
        "set": session.question_main.title,
        **_columns(session, "status", "started_at", "completed_at"),
        "questions": [
            {
                **_columns(practice, "order", "title", "prompt", "answer_text"),
                **_columns(practice, "active_seconds", "saved_at"),
                "submissions": Each([practice.submissions.order_by("pk")], _submission),
                "revisions": Each([practice.revisions.order_by("pk")], _revision),
            }
            for practice in session.practices.all()
        ],
        "board": scene_of(board) if board else None,
        "board_revisions": Each([session.board_revisions.order_by("pk")], _board),
    }


def _submission(one: Any) -> dict[str, Any]:
    return _columns(one, "number", "answer_text", "submitted_at", "evaluation_id")


def _revision(one: Any) -> dict[str, Any]:
    return _columns(one, "answer_text", "version", "conflict", "saved_at")


def _board(one: Any) -> dict[str, Any]:
    return {**_columns(one, "saved_at", "version"), "scene": scene_of(one)}


def _columns(row: Model, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {n: iso(v) if isinstance(v, datetime) else v for n, v in values.items()}


@transaction.atomic
def erase_practice(user: User) -> None:
    """Remove all sessions of a user, live and completed, with everything in them."""
    for model in MODELS:
        model.objects.visible_to(user).delete()
    BoardPicture.objects.filter(user=user).delete()
