"""What the dashboard shows of interviews."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Avg

from accounts.models import User
from sessions_app.interviews import labels
from sessions_app.interviews.models import Attempt, PracticeSession
from sessions_app.interviews.selectors.questions import category_averages


@dataclass(frozen=True)
class Weakest:
    """`average` 0–10; `value` is the machine word (a category, or a score field)."""

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
    session = PracticeSession.objects.visible_to(user).open().newest_first().first()
    results = Attempt.objects.visible_to(user).scored().told()
    latest = results.select_related("evaluation", "session").order_by("-created_at").first()
    return DashboardCard(
        open_session=session,
        title=labels.session_title(session) if session else "",
        latest=latest,
        weakest_category=weakest_category(user),
        weakest_dimension=weakest_dimension(user) if latest else None,
    )


def weakest_category(user: User) -> Weakest | None:
    averages = category_averages(user)
    if not averages:
        return None
    name = min(averages, key=lambda category: averages[category])
    return Weakest(name, labels.category_label(name), round(averages[name], 1))


def weakest_dimension(user: User) -> Weakest | None:
    parts = labels.DIMENSIONS[1:]
    rows = Attempt.objects.visible_to(user).scored().told()
    means = rows.aggregate(**{f"{field}_mean": Avg(field) for field, _ in parts})
    known = [(means[f"{f}_mean"], f, name) for f, name in parts if means[f"{f}_mean"] is not None]
    if not known:
        return None
    average, field, name = min(known)
    return Weakest(field, name, round(average, 1))
