"""Starts and ends interview sessions, also those that were left open."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction

from accounts.models import User
from accounts.services import usage
from common.db import insert_if_absent
from sessions_app.interviews import rules, transitions
from sessions_app.interviews.errors import CategoryUnknown, SessionEnded, SessionIdTaken
from sessions_app.interviews.models import PracticeSession
from sessions_app.interviews.policies import get_session_for
from sessions_app.interviews.selectors import questions
from sessions_app.interviews.services import tracking
from sessions_app.interviews.services.dialogue import end_dialogues
from sessions_app.interviews.services.stats import lock_session, rebuild

logger = logging.getLogger(__name__)

SUBJECT = "interview_session"


@dataclass(frozen=True)
class SweepReport:
    checked: int
    ended: int
    failed: int


@transaction.atomic
def create_session(
    *,
    user: User,
    mode: str = PracticeSession.Mode.STANDARD,
    category_filter: str | None = None,
    timer_minutes: int | None = None,
    asks_back: bool = False,
    session_id: uuid.UUID | None = None,
    now: datetime,
) -> tuple[PracticeSession, bool]:
    """Start a session; (session, whether it is new). One's own under `session_id` is returned as it
    is, before categories and limits are looked at. `asks_back` is a wish: see `rules.asks_back`.

    Raises SessionIdTaken (409) for another learner's id, CategoryUnknown (400), and
    DailyLimitReached (429) with nothing written.
    """
    if category_filter is not None and not questions.has_category(category_filter):
        if session_id and (existing := _existing(user, session_id)):
            return existing, False
        raise CategoryUnknown(fields={"category_filter": ["The bank has no such category."]})
    session = PracticeSession(
        id=session_id or uuid.uuid4(),
        user=user,
        category_filter=category_filter,
        mode=mode,
        timer_minutes=timer_minutes,
        started_at=now,
        last_activity_at=now,
        deadline=now + timedelta(minutes=timer_minutes) if timer_minutes else None,
        asks_back=rules.asks_back(mode=mode, wanted=asks_back),
    )
    if mode == PracticeSession.Mode.MOCK:
        session.plan = questions.plan_of(session)
    if not insert_if_absent(session):
        # It existed, or a concurrent duplicate with the same id inserted it: that row is returned.
        existing = _existing(user, session.pk)
        if existing is None:
            raise SessionIdTaken(fields={"id": ["This id is in use."]})
        return existing, False
    subject = {"subject_kind": SUBJECT, "subject_id": str(session.pk)}
    usage.reserve(user=user, kind="interview_start", **subject, now=now)
    return session, True


@transaction.atomic
def end_session(
    *,
    user: User,
    session_id: uuid.UUID | str,
    now: datetime,
    by: str = PracticeSession.EndedBy.LEARNER,
) -> PracticeSession:
    """End the session of `user` and rebuild its numbers. A second call returns the same result.

    Raises SessionNotFound (404).
    """
    session = get_session_for(user, session_id, lock=True)
    _end(session, at=max(now, session.started_at), by=by, now=now)
    return session


@transaction.atomic(durable=True)
def skip_question(
    *, user: User, session_id: str, question_id: int, now: datetime
) -> PracticeSession:
    """Skip a question: it comes again when nothing else is left. Raises SessionEnded (409)."""
    session = get_session_for(user, session_id, lock=True)
    if not session.is_open:
        raise SessionEnded
    # Skipped again, it moves to the end of the skipped ones.
    session.skipped = [q for q in session.skipped if q != question_id] + [question_id]
    session.last_activity_at = now
    session.save(update_fields=["skipped", "last_activity_at"])
    return session


def note_presence(*, session_id: uuid.UUID, now: datetime) -> bool:
    """A page shows this session: one conditional UPDATE, False when it has ended."""
    rows = PracticeSession.objects.open().filter(pk=session_id)
    return bool(rows.update(last_activity_at=now))


def end_forgotten_sessions(*, now: datetime, limit: int = 500) -> SweepReport:
    """End sessions that were left open. Safe to run twice at once; one bad row stops no other."""
    ids = list(
        PracticeSession.objects.forgotten_at(now)
        .order_by("last_activity_at")
        .values_list("pk", flat=True)[:limit]
    )
    ended = failed = 0
    for pk in ids:
        try:
            ended += end_if_forgotten(session_id=pk, now=now)
        except DatabaseError:
            logger.exception("interview session %s could not be ended", pk)
            failed += 1
    return SweepReport(checked=len(ids), ended=ended, failed=failed)


@transaction.atomic
def end_if_forgotten(*, session_id: uuid.UUID, now: datetime) -> bool:
    """`ended_at` becomes the later of deadline and last activity, not the moment of noticing."""
    session = lock_session(session_id)
    # Checked again under the lock: an answer that came in meanwhile keeps the session open.
    if not PracticeSession.objects.forgotten_at(now).filter(pk=session_id).exists():
        return False
    at = max(session.deadline or session.last_activity_at, session.last_activity_at)
    return _end(session, at=at, by=PracticeSession.EndedBy.SWEEP, now=now)


def _end(session: PracticeSession, *, at: datetime, by: str, now: datetime) -> bool:
    """A session with an answer has used its start, and is logged where the learner has the skill; a
    start without any text is released when it is stale."""
    done = transitions.end(session, at=at, by=by)
    if done and session.asks_back:
        end_dialogues(session, now=now)
    rebuild(session)
    if done and session.questions_count:
        usage.mark_used(subject_kind=SUBJECT, subject_id=str(session.pk), now=now)
        tracking.log_session(session=session, now=now)
    return done


def keep_use(session: PracticeSession, *, now: datetime) -> None:
    """After a first save the start no longer lapses; a lapsed one is taken again."""
    if not session.questions_count:
        usage.keep_reserved(
            subject_kind=SUBJECT, subject_id=str(session.pk), user=session.user, now=now
        )


def _existing(user: User, session_id: uuid.UUID) -> PracticeSession | None:
    session = PracticeSession.objects.filter(pk=session_id).first()
    if session is not None and session.user_id != user.pk:
        raise SessionIdTaken(fields={"id": ["This id is in use."]})
    return session
