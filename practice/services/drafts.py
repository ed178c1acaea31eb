"""Saving drafts: the last save wins, and whatever it replaces is kept as a revision.

Source: practice-sessions.md §7 (26, 27), CONTRACT "Practice".
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from practice.errors import QuestionNotFound, RevisionNotFound, SessionCompleted
from practice.models import (
    DraftRevision,
    DraftRevisionHistory,
    Practice,
    PracticeHistory,
    PracticeMain,
)
from practice.services.sessions import lock_session, note_save

if TYPE_CHECKING:
    from accounts.models import User

IDLE_AFTER = timedelta(minutes=5)
"""Without a count from the page, a longer pause between two saves is not time spent."""


@dataclass(frozen=True)
class SavedDraft:
    """`replaced` is the revision this save made, None when it replaced nothing."""

    version: int
    saved_at: datetime
    conflict: bool
    replaced: DraftRevision | None = None
    changed: bool = True


@transaction.atomic
def save_draft(
    *,
    user: User,
    session_id: int,
    question_id: int,
    answer_text: str,
    base_version: int,
    now: datetime,
    active_seconds: int | None = None,
) -> SavedDraft:
    """Store a text as the working draft. `base_version` is the version the writer started from.

    `active_seconds` is what the page counted since its last save. Raises SessionCompleted (409)
    after completion; the text is then kept as a late revision.
    """
    session, practice = lock_for_text(
        user=user, session_id=session_id, question_id=question_id, answer_text=answer_text, now=now
    )
    saved = put_draft(
        session=session,
        practice=practice,
        answer_text=answer_text,
        base_version=base_version,
        active_seconds=active_seconds,
        now=now,
    )
    if saved.changed:
        note_save(session=session, now=now)
    session.save(update_fields=["counted_until", "last_saved_at"])
    return saved


def lock_for_text(
    *, user: User, session_id: int, question_id: int, answer_text: str, now: datetime
) -> tuple[PracticeMain, Practice]:
    """The locked session and its question, to write a text into. Raises SessionCompleted (409)
    after completion, which keeps the text as a late revision."""
    try:
        session = lock_session(user=user, session_id=session_id)
    except SessionCompleted as refusal:
        refusal.keep = keep_late(
            session_id=session_id, question_id=question_id, answer_text=answer_text, now=now
        )
        raise
    return session, practice_of(session, question_id)


def practice_of(session: PracticeMain, question_id: int) -> Practice:
    practice = session.practices.filter(question_id=question_id).first()
    if practice is None:
        raise QuestionNotFound
    return practice


def put_draft(
    *,
    session: PracticeMain,
    practice: Practice,
    answer_text: str,
    base_version: int,
    active_seconds: int | None,
    now: datetime,
) -> SavedDraft:
    """Under the session's lock: replace the draft, keep the old text; equal text is no change.

    Saves the practice, not the session, whose `counted_until` it moves.
    """
    _count_time(session=session, practice=practice, claimed=active_seconds, now=now)
    if answer_text == practice.answer_text:
        practice.save(update_fields=["active_seconds"])
        return SavedDraft(practice.version, practice.saved_at or now, conflict=False, changed=False)
    conflict = base_version != practice.version
    replaced = _keep_replaced(practice, conflict=conflict)
    practice.answer_text = answer_text
    practice.version += 1
    practice.saved_at = now
    practice.save(update_fields=["answer_text", "version", "saved_at", "active_seconds"])
    return SavedDraft(practice.version, now, conflict=conflict, replaced=replaced)


def _keep_replaced(practice: Practice, *, conflict: bool) -> DraftRevision | None:
    if practice.version == 0 or practice.saved_at is None:
        return None
    return DraftRevision.objects.create(
        practice=practice,
        answer_text=practice.answer_text,
        version=practice.version,
        conflict=conflict,
        saved_at=practice.saved_at,
    )


def _count_time(
    *, session: PracticeMain, practice: Practice, claimed: int | None, now: datetime
) -> None:
    """Grow the question's active time, at most by the wall time since the last counted save.

    Parts of a second stay for the next save: autosaves are little more than a second apart.
    """
    since = session.counted_until or session.started_at
    passed = max(now - since, timedelta(0))
    wall = int(passed.total_seconds())
    believed = claimed if claimed is not None else wall if passed <= IDLE_AFTER else 0
    practice.active_seconds += min(believed, wall)
    session.counted_until = since + timedelta(seconds=wall)


def keep_late(
    *, session_id: int, question_id: int, answer_text: str, now: datetime
) -> Callable[[], None]:
    """What to run after the refusal of a late save, so that its text can still be found."""

    practice = PracticeHistory.objects.filter(
        session_id=session_id, question_id=question_id
    ).first()
    if practice is None:
        raise QuestionNotFound

    def keep() -> None:
        if practice.answer_text == answer_text:
            return
        # A client that repeats its refused save does not make a second copy.
        if practice.revisions.filter(late=True, answer_text=answer_text).exists():
            return
        DraftRevisionHistory.objects.create(
            practice=practice,
            answer_text=answer_text,
            version=practice.version,
            conflict=True,
            late=True,
            saved_at=now,
        )

    return keep


@transaction.atomic(durable=True)
def restore_revision(
    *, user: User, session_id: int, question_id: int, revision_id: uuid.UUID, now: datetime
) -> SavedDraft:
    """Make an old text the draft again; the present one becomes a revision in turn."""
    session = lock_session(user=user, session_id=session_id)
    practice = practice_of(session, question_id)
    revision = practice.revisions.filter(pk=revision_id).first()
    if revision is None:
        raise RevisionNotFound
    saved = put_draft(
        session=session,
        practice=practice,
        answer_text=revision.answer_text,
        base_version=practice.version,
        active_seconds=0,
        now=now,
    )
    note_save(session=session, now=now)
    session.save(update_fields=["counted_until", "last_saved_at"])
    return saved
