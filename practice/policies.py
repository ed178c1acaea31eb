"""Access to sets and sessions. What belongs to somebody else is 404."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from practice.errors import (
    NotCompleted,
    QuestionNotFound,
    RevisionNotFound,
    SessionNotFound,
    SetNotFound,
)
from practice.models import QuestionMain
from practice.selectors.sessions import (
    AnyBoardRevision,
    AnyPractice,
    AnySession,
    find_practice,
    find_session,
    has_completed,
)

if TYPE_CHECKING:
    from accounts.models import User


def get_set_for(user: User, **identity: int | str) -> QuestionMain:
    """The system-design set with this `pk` or `slug`: one in use, or one that was retired after
    this user completed it."""
    row = QuestionMain.objects.design().filter(**identity).first()
    if row is None:
        raise SetNotFound
    if row.retired_at is not None and not has_completed(user=user, question_main_id=row.pk):
        raise SetNotFound
    return row


def get_session_for(user: User, pk: int) -> AnySession:
    """The user's session, practicing or completed."""
    session = find_session(user=user, session_id=pk)
    if session is None:
        raise SessionNotFound
    return session


def get_completed_for(user: User, pk: int) -> AnySession:
    """The user's session, if it may be reviewed: NotCompleted (409) while it is practiced."""
    session = get_session_for(user, pk)
    if not session.is_completed:
        raise NotCompleted
    return session


def get_practice_for(user: User, session_id: int, question_id: int) -> AnyPractice:
    """A question inside the user's session; `practice.session` is loaded."""
    session = get_session_for(user, session_id)
    practice = find_practice(session=session, question_id=question_id)
    if practice is None:
        raise QuestionNotFound
    practice.session = session
    return practice


def get_board_revision_for(user: User, session_id: int, revision_id: uuid.UUID) -> AnyBoardRevision:
    """A replaced scene of the user's session, practicing or completed."""
    session = get_session_for(user, session_id)
    revision = session.board_revisions.filter(pk=revision_id).first()
    if revision is None:
        raise RevisionNotFound
    return revision
