"""What one page of the workspace shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from common.db import compiled
from evaluation.selectors.feedback import feedbacks_of
from evaluation.selectors.shown import Feedback
from evaluation.types import Step
from practice.errors import QuestionNotFound
from practice.frames import frames_of
from practice.models import (
    Practice,
    PracticeHistory,
    PracticeMain,
    Submission,
    SubmissionHistory,
)
from practice.selectors.progress import Progress, ProgressDot, progress_of
from practice.selectors.review import Try, tries_of
from practice.selectors.sessions import AnyPractice, AnySession, AnySubmission


@dataclass(frozen=True)
class Workspace:
    """`tries` are newest first."""

    session: AnySession
    practice: AnyPractice
    progress: Progress
    tries: tuple[Try, ...]

    @property
    def is_open(self) -> bool:
        """Whether it still takes changes."""
        return not self.session.is_completed

    @property
    def config(self) -> dict[str, Any]:
        """The configuration that the page's scripts read."""
        base = f"/api/v1/practice-main/{self.session.pk}"
        return {
            "session_id": self.session.pk,
            "question_id": self.practice.question_id,
            "order": self.practice.order,
            "version": self.practice.version,
            "saved_at": self.practice.saved_at,
            "session_url": base,
            "draft_url": f"{base}/questions/{self.practice.question_id}/draft",
            "board_url": f"{base}/whiteboard",
            "frames": frames_of(self.progress.dots),
        }

    @property
    def framework_steps(self) -> tuple[Step, ...]:
        return tuple(Step.from_json(step) for step in self.practice.question.framework_steps)

    @cached_property
    def feedback(self) -> list[tuple[Try, Feedback | None]]:
        """Each try with its feedback, built together; None without an evaluation."""
        asked = [(t.evaluation, t.submission.answer_text) for t in self.tries if t.evaluation]
        pairs = zip(asked, feedbacks_of(asked), strict=True)
        by_id = {evaluation.pk: feedback for (evaluation, _), feedback in pairs}
        return [(t, by_id.get(t.evaluation.pk) if t.evaluation else None) for t in self.tries]

    @property
    def previous(self) -> ProgressDot | None:
        return self._at(self.practice.order - 1)

    @property
    def next(self) -> ProgressDot | None:
        return self._at(self.practice.order + 1)

    def _at(self, order: int) -> ProgressDot | None:
        return next((dot for dot in self.progress.dots if dot.order == order), None)


def workspace_of(session: AnySession, order: int | None = None) -> Workspace:
    """The page of a question, of the first to do without `order`. Raises QuestionNotFound."""
    progress = progress_of(session)
    wanted = progress.resume_at.order if order is None else order
    is_live = isinstance(session, PracticeMain)
    practices = live_practice if is_live else past_practice
    practice = practices.first(session_id=session.pk, order=wanted)
    if practice is None:
        raise QuestionNotFound
    practice.session = session
    submissions = live_submissions if is_live else past_submissions
    has_tries = any(dot.tries for dot in progress.dots if dot.order == wanted)
    found = submissions.all(practice_id=practice.pk) if has_tries else []
    return Workspace(session, practice, progress, tries_of(found))


def _practice_of(model: type[AnyPractice], session_id: Any, order: Any) -> QuerySet[Any, Any]:
    rows = model.objects.filter(session_id=session_id, order=order).select_related("question")
    unseen = ("key_points", "sample_answer", "structure_steps", "prompt")
    return rows.defer(*(f"question__{name}" for name in unseen))


def _submissions_of(model: Any, practice_id: Any) -> QuerySet[Any, Any]:
    rows = model.objects.filter(practice_id=practice_id).order_by("number")
    unseen = ("raw_reply", "former_verdicts", "board_notes")
    return rows.select_related("evaluation").defer("board", *(f"evaluation__{n}" for n in unseen))


@compiled
def live_practice(session_id: int, order: int) -> QuerySet[Any, AnyPractice]:
    return _practice_of(Practice, session_id, order)


@compiled
def past_practice(session_id: int, order: int) -> QuerySet[Any, AnyPractice]:
    return _practice_of(PracticeHistory, session_id, order)


@compiled
def live_submissions(practice_id: int) -> QuerySet[Any, AnySubmission]:
    return _submissions_of(Submission, practice_id)


@compiled
def past_submissions(practice_id: int) -> QuerySet[Any, AnySubmission]:
    return _submissions_of(SubmissionHistory, practice_id)
