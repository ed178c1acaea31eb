"""Practice on the dashboard: continue, latest feedback, what next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from common.db import compiled
from evaluation.models import Evaluation
from evaluation.scoring import CUTS
from practice.models import PracticeMain, Submission, SubmissionHistory
from practice.selectors.library import LibraryCard, LibraryFilters, LibrarySet, library_of
from practice.selectors.progress import Progress, progress_of
from practice.selectors.scores import SessionScore

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class ContinueCard:
    """A session to go on with. `order` is the question to open."""

    session_id: int
    title: str
    progress: Progress
    order: int
    saved_at: datetime | None
    started_at: datetime


@dataclass(frozen=True)
class FeedbackCard:
    """The newest finished evaluation of a practice answer; `points_to_go` counts key points that
    were missed or only partly covered."""

    set_title: str
    question_title: str
    session_id: int
    order: int
    is_completed: bool
    evaluation: Evaluation
    points_to_go: int
    at: datetime


@dataclass(frozen=True)
class NextCard:
    question_main: LibrarySet
    reason: str


@dataclass(frozen=True)
class DashboardCards:
    continue_card: ContinueCard | None
    latest_feedback: FeedbackCard | None
    next_for_you: NextCard | None


def dashboard_cards(user: User) -> DashboardCards:
    return DashboardCards(continue_card(user), latest_feedback(user), next_for(user))


def continue_card(user: User) -> ContinueCard | None:
    latest = latest_session.first(user_id=user.pk)
    if latest is None:
        return None
    progress = progress_of(latest)
    return ContinueCard(
        session_id=latest.pk,
        title=latest.question_main.title,
        progress=progress,
        order=progress.resume_at.order,
        saved_at=latest.last_saved_at,
        started_at=latest.started_at,
    )


def latest_feedback(user: User) -> FeedbackCard | None:
    newest = (live_result.first(user_id=user.pk), past_result.first(user_id=user.pk))
    latest = max((s for s in newest if s), key=lambda s: s.submitted_at, default=None)
    if latest is None or latest.evaluation is None:
        return None
    return FeedbackCard(
        set_title=latest.practice.session.question_main.title,
        question_title=latest.practice.title,
        session_id=latest.practice.session_id,
        order=latest.practice.order,
        is_completed=latest.practice.session.is_completed,
        evaluation=latest.evaluation,
        points_to_go=sum(point["level"] != "met" for point in latest.evaluation.key_points),
        at=latest.submitted_at,
    )


@compiled
def latest_session(user_id: int) -> QuerySet[Any, PracticeMain]:
    rows = PracticeMain.objects.of_learner(user_id).select_related("question_main")
    rows = rows.only("last_saved_at", "started_at", "status", "question_main__title")
    return rows.order_by(Coalesce("last_saved_at", "started_at").desc())[:1]


@compiled
def live_result(user_id: int) -> QuerySet[Any, Submission]:
    return _newest_result(Submission, user_id)


@compiled
def past_result(user_id: int) -> QuerySet[Any, SubmissionHistory]:
    return _newest_result(SubmissionHistory, user_id)


def _newest_result(model: type[Any], user_id: Any) -> QuerySet[Any, Any]:
    session = ("practice", "practice__session", "practice__session__question_main")
    verdict = ("status", "band", "overall_score", "provider", "model", "key_points")
    shown = ("title", "order", "session__status", "session__question_main__title")
    return (
        model.objects.filter(
            practice__session__user_id=user_id, evaluation__status__in=["succeeded", "withheld"]
        )
        .select_related("evaluation", *session)
        .only(
            "submitted_at",
            *(f"evaluation__{v}" for v in verdict),
            *(f"practice__{s}" for s in shown),
        )
        .order_by("-submitted_at")[:1]
    )


def next_for(user: User, *, besides: int | None = None) -> NextCard | None:
    """The weakest finished set when it was weak, else the easiest new one; never `besides`."""
    found = library_of(user=user, filters=LibraryFilters()).cards
    cards = [card for card in found if card.question_main.pk != besides]
    weak = [c for c in cards if c.state == "done" and c.score and not _is_strong(c.score)]
    if weak:
        card = min(weak, key=_average)
        return NextCard(card.question_main, f"Weakest so far: {_average(card)} of 10 last time.")
    ease = {"easy": 0, "medium": 1, "hard": 2}
    fresh = [c for c in cards if c.state == "new"]
    if not fresh:
        return None
    card = min(fresh, key=lambda c: (ease[c.question_main.difficulty], c.question_main.minutes))
    words = f"{card.question_count} questions, about {card.question_main.minutes} minutes."
    return NextCard(card.question_main, f"Not started yet: {words}")


def _is_strong(score: SessionScore) -> bool:
    """A set whose average reads "strong", or that has none: others are more worth the next hour."""
    return score.average is None or score.average >= CUTS[score.provider][1]


def _average(card: LibraryCard) -> float:
    average = card.score.average if card.score else None
    return 10.0 if average is None else average
