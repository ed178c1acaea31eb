"""Completing a session: everything moves to history, with the same ids, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from accounts.services import usage
from practice.errors import SessionCompleted, SessionNotFound
from practice.models import (
    DraftRevision,
    DraftRevisionHistory,
    Practice,
    PracticeHistory,
    PracticeMainHistory,
    SessionStatus,
    Submission,
    SubmissionHistory,
    Whiteboard,
    WhiteboardHistory,
    WhiteboardRevision,
    WhiteboardRevisionHistory,
)
from practice.services.sessions import SUBJECT_KIND, lock_session
from practice.services.tracking import log_practice
from practice.transitions import may_move

if TYPE_CHECKING:
    from accounts.models import User

MOVED: tuple[tuple[type[models.Model], type[models.Model], str], ...] = (
    (Practice, PracticeHistory, "session_id"),
    (Submission, SubmissionHistory, "practice__session_id"),
    (DraftRevision, DraftRevisionHistory, "practice__session_id"),
    (Whiteboard, WhiteboardHistory, "session_id"),
    (WhiteboardRevision, WhiteboardRevisionHistory, "session_id"),
)
"""What moves with a session: live model, history model, and the way to the session's id. A test
walks the models related to PracticeMain and fails when one is not listed here."""


@transaction.atomic(durable=True)
def complete_session(*, user: User, session_id: int, now: datetime) -> PracticeMainHistory:
    """Move a session to history and log its time; a second call returns the same answer.

    Unanswered questions are allowed. Raises SessionNotFound for a session that is not the user's.
    """
    try:
        session = lock_session(user=user, session_id=session_id)
    except SessionCompleted:
        return PracticeMainHistory.objects.get(pk=session_id, user_id=user.pk)
    if not may_move(session.status, SessionStatus.COMPLETED):
        raise SessionNotFound

    history = PracticeMainHistory(**_columns(session, PracticeMainHistory))
    history.status, history.completed_at = SessionStatus.COMPLETED, now
    history.save(force_insert=True)
    for live, past, way in MOVED:
        rows = live._default_manager.filter(**{way: session.pk})
        past._default_manager.bulk_create([past(**_columns(row, past)) for row in rows])
    session.delete()

    usage.mark_used(subject_kind=SUBJECT_KIND, subject_id=str(history.pk), now=now)
    log_practice(session=history, now=now, create_skill=False)
    return history


def _columns(row: models.Model, past: type[models.Model]) -> dict[str, Any]:
    """The row's columns under the history model's attribute names: both share them all."""
    return {field.attname: getattr(row, field.attname) for field in past._meta.concrete_fields}
