"""The only code that writes `questions_count` and `avg_score`, which follow from the rows."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from common.db import compiled
from sessions_app.interviews import rules
from sessions_app.interviews.models import Attempt, PracticeSession


@compiled
def locked_session(pk: uuid.UUID) -> QuerySet[PracticeSession]:
    return PracticeSession.objects.locked().select_related("user").filter(pk=pk)


@compiled
def scores_of(session_id: uuid.UUID) -> QuerySet[Attempt, float | None]:
    return Attempt.objects.filter(session_id=session_id).values_list("overall_score", flat=True)


def lock_session(session_id: uuid.UUID | str) -> PracticeSession:
    """A session of any learner, with the learner, locked."""
    session = locked_session.first(pk=session_id)
    if session is None:
        raise PracticeSession.DoesNotExist
    return session


@transaction.atomic
def recalculate_session_stats(session_id: uuid.UUID | str) -> PracticeSession:
    """Rebuild a session's count and average from its attempts; safe to run twice and at once.

    The session's row is locked first, so of two writers the later one has seen the other's attempt.
    """
    session = lock_session(session_id)
    rebuild(session)
    return session


def rebuild(session: PracticeSession) -> None:
    """The same for a session whose lock the caller holds.

    `avg_score` is the mean of the attempts that have a score, 0–10 with 2 decimals, None without
    one. What has not changed is not written.
    """
    before = session.questions_count, session.avg_score
    scores = scores_of.all(session_id=session.pk)
    session.questions_count, session.avg_score = len(scores), rules.mean(scores, digits=2)
    if (session.questions_count, session.avg_score) != before:
        session.save(update_fields=["questions_count", "avg_score"])


def count_answer(session: PracticeSession, *, at: datetime) -> None:
    """One more answer, which has no score yet. The caller holds the session's lock."""
    session.questions_count, session.last_activity_at = session.questions_count + 1, at
    session.save(update_fields=["questions_count", "last_activity_at"])
