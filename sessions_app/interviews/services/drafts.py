"""Drafts in the room: `common.drafts` under the session's lock, until the session ends."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common import drafts
from practice.models import Question
from sessions_app.interviews.errors import CameAfterTheEnd
from sessions_app.interviews.models import InterviewDraft, PracticeSession
from sessions_app.interviews.policies import get_session_for
from sessions_app.interviews.services.sessions import keep_use


@transaction.atomic
def save_draft(
    *,
    user: User,
    session_id: str | uuid.UUID,
    question: Question,
    answer_text: str,
    base_version: int,
    now: datetime,
) -> drafts.Saved:
    """Save the draft of one question; a text equal to the stored one changes nothing.

    Raises SessionNotFound (404), and CameAfterTheEnd (409) with the text kept as a late revision.
    """
    session = get_session_for(user, session_id, lock=True)
    if not session.is_open:
        raise came_late(session, question, answer_text, now=now)
    saved = drafts.save(_draft(session, question), answer_text, base_version=base_version, now=now)
    if saved.changed:
        PracticeSession.objects.filter(pk=session.pk).update(last_activity_at=now)
        keep_use(session, now=now)
    return saved


def replace(session: PracticeSession, *, question: Question, text: str, now: datetime) -> None:
    """An answer was submitted: its text becomes the draft. The caller holds the session's lock."""
    if not drafts.save_first(InterviewDraft(session=session, question=question), text, now=now):
        draft = _draft(session, question)
        drafts.save(draft, text, base_version=draft.version, now=now)


def came_late(
    session: PracticeSession, question: Question, text: str, *, now: datetime
) -> CameAfterTheEnd:
    """The refusal of a text after the end, which keeps it beside the draft unless it is blank."""

    def keep() -> None:
        if text.strip():
            draft, _ = session.drafts.get_or_create(question=question)
            drafts.keep_late(draft, text, now=now)

    return CameAfterTheEnd(keep=keep)


def _draft(session: PracticeSession, question: Question) -> InterviewDraft:
    mine = {"session": session, "question": question}
    return InterviewDraft.objects.filter(**mine).first() or InterviewDraft(**mine)
