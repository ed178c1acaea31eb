"""Completed sessions with their scores, and how each set went over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from practice.models import PracticeHistory, PracticeMainHistory
from practice.selectors.scores import SessionScore, scores_of_completed

if TYPE_CHECKING:
    from accounts.models import User
    from practice.querysets import PracticeMainQuerySet


@dataclass(frozen=True)
class TrendPoint:
    session_id: int
    completed_at: datetime
    average: float
    provider: str


@dataclass(frozen=True)
class HistoryRow:
    """`trend` holds the set's sessions up to this one, scored by the same provider, oldest first,
    at most twelve."""

    session: PracticeMainHistory
    questions: int
    active_seconds: int
    score: SessionScore
    trend: tuple[TrendPoint, ...] = ()


def history_of(
    user: User,
    *,
    question_main_id: int | None = None,
    category: str = "",
    difficulty: str = "",
    search: str = "",
) -> PracticeMainQuerySet:
    """The user's completed sessions, newest first, filtered as asked."""
    rows = PracticeMainHistory.objects.visible_to(user).select_related("question_main")
    rows = rows.defer("question_main__sample_writeup")
    if question_main_id is not None:
        rows = rows.of_set(question_main_id)
    if category:
        rows = rows.filter(question_main__category=category)
    if difficulty:
        rows = rows.filter(question_main__difficulty=difficulty)
    for word in search.split()[:8]:
        rows = rows.filter(question_main__title__icontains=word)
    return rows.order_by("-completed_at", "-pk")


def history_rows(
    sessions: Sequence[PracticeMainHistory], *, with_trend: bool = False
) -> list[HistoryRow]:
    ids = [session.pk for session in sessions]
    scores = scores_of_completed(ids)
    counted = PracticeHistory.objects.filter(session_id__in=ids).values_list("session_id")
    totals = {
        pk: (questions, seconds)
        for pk, questions, seconds in counted.annotate(Count("pk"), Sum("active_seconds"))
    }
    trends = _trends(sessions) if with_trend else {}
    rows = []
    for session in sessions:
        score = scores.get(session.pk, SessionScore())
        trend = tuple(
            point
            for point in trends.get(session.question_main_id, ())
            if (point.completed_at, point.session_id) <= (session.completed_at, session.pk)
            and point.provider == score.provider
        )
        rows.append(HistoryRow(session, *totals.get(session.pk, (0, 0)), score, trend[-12:]))
    return rows


def _trends(sessions: Sequence[PracticeMainHistory]) -> dict[int, list[TrendPoint]]:
    if not sessions:
        return {}
    wanted = {session.question_main_id for session in sessions}
    rows = PracticeMainHistory.objects.filter(
        user_id=sessions[0].user_id, question_main_id__in=wanted
    ).order_by("completed_at", "pk")
    found = list(rows.values_list("pk", "question_main_id", "completed_at"))
    scores = scores_of_completed(pk for pk, _, _ in found)
    trends: dict[int, list[TrendPoint]] = {}
    for pk, set_id, completed_at in found:
        score = scores.get(pk, SessionScore())
        if score.average is not None and completed_at is not None:
            point = TrendPoint(pk, completed_at, score.average, score.provider)
            trends.setdefault(set_id, []).append(point)
    return trends
