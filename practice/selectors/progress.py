"""Progress through a session: one dot a question, shared by the API and the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from evaluation.models import Evaluation
from practice.models import PracticeMain, Submission, SubmissionHistory
from practice.selectors.sessions import AnyPractice, AnySession, AnySubmission

FEEDBACK_COLUMNS = (
    "number",
    "practice_id",
    "submitted_at",
    "evaluation__status",
    "evaluation__provider",
    "evaluation__band",
    "evaluation__overall_score",
)


@dataclass(frozen=True)
class ProgressDot:
    """`score` is that of the newest scored try, 0–10, None before one. `state` is the newest
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
    """Two queries: the questions, and all tries with their evaluations' numbers."""
    model = Submission if isinstance(session, PracticeMain) else SubmissionHistory
    tries = model.objects.select_related("evaluation").only(*FEEDBACK_COLUMNS).order_by("-number")
    practices = (
        session.practices.only("question_id", "order", "title", "session_id")
        .order_by("order")
        .prefetch_related(Prefetch("submissions", queryset=tries))
    )
    return Progress(tuple(_dot(practice) for practice in practices))


def _dot(practice: AnyPractice) -> ProgressDot:
    tries = list(practice.submissions.all())
    newest = tries[0].evaluation if tries else None
    scored = newest_scored(tries)
    return ProgressDot(
        question_id=practice.question_id,
        order=practice.order,
        title=practice.title,
        has_submission=bool(tries),
        score=scored.overall_score if scored else None,
        tries=len(tries),
        state=newest.status if newest else "",
        band=scored.band if scored else "",
    )


def newest_scored(tries: Sequence[AnySubmission]) -> Evaluation | None:
    """Of tries in newest-first order, the first evaluation that carries numbers."""
    evaluations = (t.evaluation for t in tries)
    return next((e for e in evaluations if e and e.overall_score is not None), None)
