"""Progress through a session: one dot a question, shared by the API and the pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from common.db import compiled
from evaluation.scoring import band_of
from practice.models import Practice, PracticeHistory, PracticeMain
from practice.selectors.scores import best_of
from practice.selectors.sessions import AnyPractice, AnySession


@dataclass(frozen=True)
class ProgressDot:
    """`score` is that of the best try, 0–10, None before a scored one. `state` is the newest
    evaluation's status, "" without a submission."""

    question_id: int
    order: int
    title: str
    has_submission: bool
    score: float | None
    tries: int = 0
    state: str = ""
    band: str = ""


@dataclass(frozen=True)
class Progress:
    dots: tuple[ProgressDot, ...]

    @property
    def first_incomplete(self) -> ProgressDot | None:
        return next((dot for dot in self.dots if not dot.has_submission), None)

    @property
    def answered(self) -> int:
        return sum(dot.has_submission for dot in self.dots)

    @property
    def resume_at(self) -> ProgressDot:
        """Where to go on: the first question without a submission, else the first of all."""
        return self.first_incomplete or self.dots[0]


def progress_of(session: AnySession) -> Progress:
    """One query: the questions, each with its tries and their numbers."""
    asked = live_tries if isinstance(session, PracticeMain) else past_tries
    questions: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in asked.all(session_id=session.pk):
        questions[row[0]].append(row)
    dots = []
    for tries in questions.values():
        # Newest first; a question without a try has one row, without a number.
        question_id, order, title, number, state, *_ = tries[0]
        scores = [(score, by) if score is not None else None for *_, score, by in reversed(tries)]
        score, provider = best_of(scores) or (None, "")
        dots.append(
            ProgressDot(
                question_id=question_id,
                order=order,
                title=title,
                has_submission=number is not None,
                score=score,
                tries=len(tries) if number is not None else 0,
                state=state or "",
                band=band_of(score, provider) if score is not None else "",
            )
        )
    return Progress(tuple(dots))


def _tries_of(model: type[AnyPractice], session_id: Any) -> QuerySet[Any, Any]:
    verdict = (
        f"submissions__evaluation__{name}" for name in ("status", "overall_score", "provider")
    )
    columns = ("question_id", "order", "title", "submissions__number", *verdict)
    rows = model.objects.filter(session_id=session_id).order_by("order", "-submissions__number")
    return rows.values_list(*columns)


@compiled
def live_tries(session_id: int) -> QuerySet[Any, Any]:
    return _tries_of(Practice, session_id)


@compiled
def past_tries(session_id: int) -> QuerySet[Any, Any]:
    return _tries_of(PracticeHistory, session_id)
