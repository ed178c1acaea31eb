"""Interviews on the dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, QuerySet

from accounts.models import User
from common.db import compiled
from sessions_app.interviews import labels
from sessions_app.interviews.models import Attempt, PracticeSession
from sessions_app.interviews.selectors.questions import category_averages


@dataclass(frozen=True)
class Weakest:
    """`average` 0–10; `value` is the stored name (a category, or a score field)."""

    value: str
    label: str
    average: float


@dataclass(frozen=True)
class DashboardCard:
    """Each part is None when there is nothing to show.

    `open_session` is the newest one still open (`title` is its name for people), `latest` the
    newest answer with a result (`evaluation` and `session` loaded).
    """

    open_session: PracticeSession | None
    title: str
    latest: Attempt | None
    weakest_category: Weakest | None
    weakest_dimension: Weakest | None


def dashboard_card(user: User) -> DashboardCard:
    """Four small queries, all on indexes of the learner's own rows."""
    session = newest_open.first(user_id=user.pk)
    latest = newest_result.first(user_id=user.pk)
    return DashboardCard(
        open_session=session,
        title=labels.session_title(session) if session else "",
        latest=latest,
        weakest_category=weakest_category(user),
        weakest_dimension=weakest_dimension(user) if latest else None,
    )


@compiled
def newest_open(user_id: int) -> QuerySet[Any, PracticeSession]:
    return PracticeSession.objects.filter(user_id=user_id).open().newest_first()[:1]


@compiled
def newest_result(user_id: int) -> QuerySet[Any, Attempt]:
    results = Attempt.objects.filter(session__user_id=user_id).scored().with_visible_result()
    results = results.select_related("evaluation", "session").order_by("-created_at")
    return results.defer("answer_text", "evaluation__input", "evaluation__raw_reply")[:1]


@compiled
def dimension_means(user_id: int) -> QuerySet[Any, Any]:
    """One row: the mean of each part of the score over all results that the learner may see."""
    results = Attempt.objects.filter(session__user_id=user_id).scored().with_visible_result()
    means = (Avg(field) for field, _ in labels.DIMENSIONS[1:])
    return results.order_by().values_list("session__user_id").annotate(*means)


def weakest_category(user: User) -> Weakest | None:
    averages = category_averages(user)
    if not averages:
        return None
    name = min(averages, key=lambda category: averages[category])
    return Weakest(name, labels.category_label(name), round(averages[name], 1))


def weakest_dimension(user: User) -> Weakest | None:
    row = dimension_means.first(user_id=user.pk) or (user.pk,)
    known = [
        (average, field, name)
        for average, (field, name) in zip(row[1:], labels.DIMENSIONS[1:], strict=False)
        if average is not None
    ]
    if not known:
        return None
    average, field, name = min(known)
    return Weakest(field, name, round(average, 1))
