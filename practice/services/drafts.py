"""Saving drafts: `common.drafts` under the session's lock, and the time that was spent writing.

Source: practice-sessions.md §7 (26, 27), CONTRACT "Practice".
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import StoredKind
from accounts.services import storage
from common import drafts
from common.db import compiled
from practice.errors import QuestionNotFound, RevisionNotFound, SessionCompleted, SessionNotFound
from practice.models import Practice, PracticeHistory, PracticeMainHistory
from practice.selectors.sessions import find_session
from practice.services.sessions import note_save

if TYPE_CHECKING:
    from accounts.models import User

IDLE_AFTER = timedelta(minutes=5)
"""Without a count from the page, a longer pause between two saves is not time spent."""


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
) -> drafts.Saved:
    """Store a text as the working draft. `base_version` is the version the writer started from.

    `active_seconds` is what the page counted since its last save. Raises StorageFull (413), and
    SessionCompleted (409) after completion; the text is then kept as a late revision.
    """
    practice = lock_practice(user, session_id, question_id, late_text=answer_text, now=now)
    saved = put_draft(practice, answer_text, base_version, active_seconds=active_seconds, now=now)
    if saved.changed:
        note_save(practice.session, now=now)
    else:
        practice.session.save(update_fields=["counted_until"])
    return saved


@compiled
def practice_to_write(user_id: int, session_id: int, question_id: int) -> QuerySet[Practice]:
    """Both rows are locked, the session first as everywhere: of two writers the later one reads
    what the other wrote."""
    rows = Practice.objects.select_related("session").select_for_update(of=("session", "self"))
    return rows.filter(session_id=session_id, question_id=question_id, session__user_id=user_id)


def lock_practice(
    user: User, session_id: int, question_id: int, *, late_text: str | None = None, now: datetime
) -> Practice:
    """A question of the user's session to write into, with its session, both locked.

    Raises SessionCompleted (409) after completion; `late_text` is then kept as a late revision.
    """
    asked = {"session_id": session_id, "question_id": question_id}
    practice = practice_to_write.first(user_id=user.pk, **asked)
    if practice is not None:
        practice.session.user = user
        return practice
    past = PracticeHistory.objects.filter(**asked, session__user_id=user.pk).first()
    if past is None:
        known = find_session(user=user, session_id=session_id)
        raise QuestionNotFound if known else SessionNotFound
    if late_text is None:
        raise SessionCompleted
    raise SessionCompleted(keep=lambda: keep_late_text(user, past, late_text, now=now))


@transaction.atomic
def keep_late_text(user: User, past: PracticeHistory, text: str, *, now: datetime) -> None:
    """Beside the draft of a completed session, which is locked first as everywhere."""
    sessions = PracticeMainHistory.objects.select_for_update().filter(pk=past.session_id)
    if sessions.first() is None:  # deleted meanwhile
        return
    grow = storage.growth_of(user=user, kind=StoredKind.ANSWERS, now=now)
    drafts.keep_late(past, {"answer_text": text}, grow=grow, now=now)


def put_draft(
    practice: Practice,
    answer_text: str,
    base_version: int,
    *,
    active_seconds: int | None,
    now: datetime,
) -> drafts.Saved:
    """Count the time, then save the text, under the session's lock.

    The question's active time grows at most by the wall time since the last counted save. Parts
    of a second stay for the next save: autosaves are little more than a second apart. The caller
    saves the session, whose `counted_until` moves.
    """
    session = practice.session
    since = session.counted_until or session.started_at
    passed = max(now - since, timedelta(0))
    wall = int(passed.total_seconds())
    if active_seconds is None:
        active_seconds = wall if passed <= IDLE_AFTER else 0
    practice.active_seconds += min(active_seconds, wall)
    session.counted_until = since + timedelta(seconds=wall)
    grow = storage.growth_of(user=session.user, kind=StoredKind.ANSWERS, now=now)
    return drafts.save(
        practice,
        {"answer_text": answer_text},
        base_version=base_version,
        grow=grow,
        also=["active_seconds"],
        now=now,
    )


@transaction.atomic(durable=True)
def restore_revision(
    *, user: User, session_id: int, question_id: int, revision_id: uuid.UUID, now: datetime
) -> drafts.Saved:
    """Make an old text the draft again; the present one becomes a revision in turn."""
    practice = lock_practice(user, session_id, question_id, now=now)
    revision = practice.revisions.filter(pk=revision_id).first()
    if revision is None:
        raise RevisionNotFound
    saved = put_draft(practice, revision.answer_text, practice.version, active_seconds=0, now=now)
    note_save(practice.session, now=now)
    return saved
