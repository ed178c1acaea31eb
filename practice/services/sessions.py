"""Starting a session, and the lock that every later change of it takes first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.services import usage
from common.db import insert_if_absent
from practice.errors import SessionCompleted, SessionNotFound, UnknownSet
from practice.models import Practice, PracticeMain, PracticeMainHistory, Question
from practice.selectors.sessions import find_active

if TYPE_CHECKING:
    from accounts.models import User

SUBJECT_KIND = "practice_main"


@transaction.atomic
def start_session(*, user: User, question_main_id: int, now: datetime) -> tuple[PracticeMain, bool]:
    """The user's practicing session of a set, and whether it was made now.

    An existing one comes back before limits are looked at. Parallel starts meet on the unique
    partial index: one inserts, the others return its row. Raises UnknownSet for a set that is
    missing, retired or of interviews, LimitReached over the daily limit.
    """
    existing = find_active(user=user, question_main_id=question_main_id)
    if existing is not None:
        return existing, False
    in_design = Question.objects.in_use().filter(question_main__kind="design")
    questions = list(in_design.filter(question_main_id=question_main_id))
    if not questions:
        raise UnknownSet
    session = PracticeMain(user=user, question_main_id=question_main_id, started_at=now)
    if not insert_if_absent(session):
        # The concurrent session may have been completed since; then the set is free again.
        return start_session(user=user, question_main_id=question_main_id, now=now)
    Practice.objects.bulk_create(
        # The wording is copied: a session shows the same questions to its end.
        Practice(session=session, question=q, order=q.order, title=q.title, prompt=q.prompt)
        for q in questions
    )
    usage.reserve(
        user=user,
        kind="practice_start",
        subject_kind=SUBJECT_KIND,
        subject_id=str(session.pk),
        now=now,
    )
    return session, True


def lock_session(*, user: User, session_id: int) -> PracticeMain:
    """Lock a practicing session for a change. Raises SessionCompleted once it moved to history.

    A save that waited for the lock while the session was completed finds no row, then sees it in
    history, so it cannot write to a session that is gone.
    """
    rows = PracticeMain.objects.select_for_update(of=("self",))
    session = rows.filter(pk=session_id, user_id=user.pk).first()
    if session is not None:
        session.user = user
        return session
    if PracticeMainHistory.objects.filter(pk=session_id, user_id=user.pk).exists():
        raise SessionCompleted
    raise SessionNotFound


def note_save(session: PracticeMain, *, now: datetime) -> None:
    """After a first save the start counts against the limit for good. Writes what saves change."""
    if session.last_saved_at is None:
        usage.keep_reserved(
            subject_kind=SUBJECT_KIND, subject_id=str(session.pk), user=session.user, now=now
        )
    session.last_saved_at = now
    session.save(update_fields=["counted_until", "last_saved_at"])
