"""Drafts in the room: last save wins, and every text that was replaced is kept as a revision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from common.inserts import insert_if_absent
from common.transactions import whole
from practice.models import Question
from sessions_app.interviews.errors import CameAfterTheEnd
from sessions_app.interviews.models import (
    InterviewDraft,
    InterviewDraftRevision,
    PracticeSession,
)
from sessions_app.interviews.services.sessions import keep_use
from sessions_app.interviews.services.stats import lock_session


@dataclass(frozen=True)
class Saved:
    """`conflict`: the text was written on an older version than the one it replaced."""

    version: int
    saved_at: datetime | None
    conflict: bool


@whole
def save_draft(
    *, session_id: uuid.UUID, question: Question, text: str, base_version: int, now: datetime
) -> Saved:
    """Save the words of one question; a text equal to the stored one changes nothing.

    Raises CameAfterTheEnd (409), with the text kept as a late revision.
    """
    session = lock_session(session_id)
    if not session.is_open:
        raise CameAfterTheEnd(
            keep=lambda: keep_late(session_id=session_id, question=question, text=text, now=now)
        )
    draft = _draft(session, question)
    if draft.answer_text == text:
        return Saved(draft.version, draft.saved_at, conflict=False)
    conflict = base_version != draft.version
    _put(draft, text=text, conflict=conflict, now=now)
    PracticeSession.objects.filter(pk=session.pk).update(last_activity_at=now)
    keep_use(session, now=now)
    return Saved(draft.version, draft.saved_at, conflict=conflict)


def replace(session: PracticeSession, *, question: Question, text: str, now: datetime) -> None:
    """An answer was handed in: its text becomes the draft. The caller holds the session's lock."""
    first = InterviewDraft(
        session=session, question=question, answer_text=text, version=1, saved_at=now
    )
    if insert_if_absent(first):
        return
    draft = _draft(session, question)
    if draft.answer_text != text:
        _put(draft, text=text, conflict=False, now=now)


@whole
def keep_late(*, session_id: uuid.UUID, question: Question, text: str, now: datetime) -> None:
    """Keep a text that came after the end beside the draft, unless it is already there."""
    session = lock_session(session_id)
    draft = _draft(session, question)
    known = draft.answer_text == text or draft.revisions.filter(answer_text=text).exists()
    if text.strip() and not known:
        draft.revisions.create(answer_text=text, version=draft.version, late=True, saved_at=now)


def _put(draft: InterviewDraft, *, text: str, conflict: bool, now: datetime) -> None:
    if draft.version:
        InterviewDraftRevision.objects.create(
            draft=draft,
            answer_text=draft.answer_text,
            version=draft.version,
            conflict=conflict,
            saved_at=draft.saved_at or now,
        )
    draft.answer_text, draft.version, draft.saved_at = text, draft.version + 1, now
    draft.save(update_fields=["answer_text", "version", "saved_at"])


def _draft(session: PracticeSession, question: Question) -> InterviewDraft:
    """The draft's row, made when it is missing; a twin that was faster is taken."""
    rows = InterviewDraft.objects.filter(session=session, question=question)
    draft = rows.first()
    if draft is None:
        draft = InterviewDraft(session=session, question=question)
        if not insert_if_absent(draft):
            draft = rows.get()
    return draft
