"""`questions_count` and `avg_score`: derived here and nowhere else, from the rows, at any time."""

from __future__ import annotations

import uuid
from math import fsum

from django.db import transaction

from sessions_app.interviews.models import Attempt, PracticeSession


@transaction.atomic
def recalculate_session_stats(session_id: uuid.UUID | str) -> PracticeSession:
    """Rebuild a session's count and average from its attempts; safe to run twice and at once.

    `avg_score` is the mean of the attempts that have a score, 0–10 with 2 decimals, None without
    one. The session's row is locked first, so of two writers the later one has seen the other's
    attempt.
    """
    session = lock_session(session_id)
    scores = list(Attempt.objects.filter(session=session).values_list("overall_score", flat=True))
    scored = [score for score in scores if score is not None]
    session.questions_count = len(scores)
    session.avg_score = round(fsum(scored) / len(scored), 2) if scored else None
    session.save(update_fields=["questions_count", "avg_score"])
    return session


def lock_session(session_id: uuid.UUID | str) -> PracticeSession:
    """The session, locked until the transaction ends (SQLite has one writer at a time anyway)."""
    rows = PracticeSession.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("user").get(pk=session_id)
