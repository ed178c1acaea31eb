"""`questions_count` and `avg_score`: derived here and nowhere else, from the rows, at any time."""

from __future__ import annotations

import uuid
from datetime import datetime
from math import fsum

from django.db import transaction
from django.db.models import QuerySet

from common.db import compiled
from sessions_app.interviews.models import Attempt, PracticeSession

NUMBERS = ("questions_count", "avg_score", "last_activity_at")


@compiled
def locked_session(pk: uuid.UUID) -> QuerySet[PracticeSession]:
    return PracticeSession.objects.locked().select_related("user").filter(pk=pk)


@compiled
def scores_of(session_id: uuid.UUID) -> QuerySet[Attempt, float | None]:
    return Attempt.objects.filter(session_id=session_id).values_list("overall_score", flat=True)


@transaction.atomic
def recalculate_session_stats(session_id: uuid.UUID | str) -> PracticeSession:
    """Rebuild a session's count and average from its attempts; safe to run twice and at once.

    The session's row is locked first, so of two writers the later one has seen the other's attempt.
    """
    session = lock_session(session_id)
    rebuild(session)
    return session


def rebuild(session: PracticeSession, *, active_at: datetime | None = None) -> None:
    """The same for a session whose lock the caller holds; `active_at` also notes a new answer.

    `avg_score` is the mean of the attempts that have a score, 0–10 with 2 decimals, None without
    one. What has not changed is not written.
    """
    before = [getattr(session, name) for name in NUMBERS]
    scores = scores_of.all(session_id=session.pk)
    scored = [score for score in scores if score is not None]
    session.questions_count = len(scores)
    session.avg_score = round(fsum(scored) / len(scored), 2) if scored else None
    session.last_activity_at = active_at or session.last_activity_at
    if [getattr(session, name) for name in NUMBERS] != before:
        session.save(update_fields=NUMBERS)


def lock_session(session_id: uuid.UUID | str) -> PracticeSession:
    """The session with its learner, locked."""
    session = locked_session.first(pk=session_id)
    if session is None:
        raise PracticeSession.DoesNotExist
    return session
