"""Drafts in the room: `common.drafts` under the session's lock, until the session ends."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from accounts.models import StoredKind, User
from accounts.services import storage
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

    Raises SessionNotFound (404), StorageFull (413), and CameAfterTheEnd (409) with the text kept as
    a late revision.
    """
    session = get_session_for(user, session_id, lock=True)
    if not session.is_open:
        raise came_late(session, question, answer_text, now=now)
    saved = drafts.save(
        _draft(session, question),
        {"answer_text": answer_text},
        base_version=base_version,
        grow=storage.growth_of(user=user, kind=StoredKind.ANSWERS, now=now),
        now=now,
    )
    if saved.changed:
        PracticeSession.objects.filter(pk=session.pk).update(last_activity_at=now)
        keep_use(session, now=now)
    return saved


def replace(
    session: PracticeSession, *, question: Question, text: str, also_stored: int, now: datetime
) -> None:
    """An answer was submitted: its text becomes the draft. `also_stored`: the bytes of the answer
    itself, which are counted along. The caller holds the session's lock."""
    draft = _draft(session, question)

    def grow(added: int) -> None:
        storage.add_bytes(user=session.user, now=now, answers=added + also_stored)

    content = {"answer_text": text}
    drafts.save(draft, content, base_version=draft.version, grow=grow, now=now)


def came_late(
    session: PracticeSession, question: Question, text: str, *, now: datetime
) -> CameAfterTheEnd:
    """The refusal of a text after the end, which keeps it beside the draft unless it is blank."""

    def keep() -> None:
        if text.strip():
            _keep_late(session, question, text, now=now)

    return CameAfterTheEnd(keep=keep)


@transaction.atomic
def _keep_late(session: PracticeSession, question: Question, text: str, *, now: datetime) -> None:
    held = PracticeSession.objects.select_for_update().filter(pk=session.pk).first()
    if held is None:  # deleted meanwhile
        return
    draft, _ = held.drafts.get_or_create(question=question)
    grow = storage.growth_of(user=session.user, kind=StoredKind.ANSWERS, now=now)
    drafts.keep_late(draft, {"answer_text": text}, grow=grow, now=now)


def _draft(session: PracticeSession, question: Question) -> InterviewDraft:
    mine = {"session": session, "question": question}
    return InterviewDraft.objects.filter(**mine).first() or InterviewDraft(**mine)
