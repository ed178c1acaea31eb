"""`questions_count` and `avg_score`: derived here and nowhere else, from the rows, at any time."""

from __future__ import annotations

import uuid
from datetime import datetime
from math import fsum
from typing import Any

from common.prepared import Prepared, PreparedUpdate
from common.transactions import whole
from sessions_app.interviews.models import Attempt, PracticeSession

_locked = Prepared(lambda pk: PracticeSession.objects.locked().select_related("user").filter(pk=pk))
_scores = Prepared(
    lambda session_id: Attempt.objects.filter(session_id=session_id).values_list(
        "overall_score", "pk"
    )
)
NUMBERS = ("questions_count", "avg_score", "last_activity_at")
_keep = PreparedUpdate(lambda pk: PracticeSession.objects.filter(pk=pk), *NUMBERS)


@whole
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
    before = _numbers(session)
    scores = [score for score, _ in _scores.all(session_id=session.pk)]
    scored = [score for score in scores if score is not None]
    session.questions_count = len(scores)
    session.avg_score = round(fsum(scored) / len(scored), 2) if scored else None
    session.last_activity_at = active_at or session.last_activity_at
    if _numbers(session) != before:
        _keep.run({"pk": session.pk}, **_numbers(session))


def _numbers(session: PracticeSession) -> dict[str, Any]:
    return {name: getattr(session, name) for name in NUMBERS}


def lock_session(session_id: uuid.UUID | str) -> PracticeSession:
    """The session with its learner, locked."""
    session = _locked.first(pk=session_id)
    if session is None:
        raise PracticeSession.DoesNotExist
    return session
