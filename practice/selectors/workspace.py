"""What one page of the workspace shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from practice.errors import QuestionNotFound
from practice.frames import frames_of
from practice.models import PracticeMain, Submission, SubmissionHistory
from practice.selectors.progress import Progress, ProgressDot, progress_of
from practice.selectors.review import Try, tries_of
from practice.selectors.sessions import AnyPractice, AnySession


@dataclass(frozen=True)
class Workspace:
    """`tries` are newest first. `config` is what the page's scripts are told."""

    session: AnySession
    practice: AnyPractice
    progress: Progress
    tries: tuple[Try, ...]
    config: dict[str, Any]

    @property
    def is_open(self) -> bool:
        """Whether it still takes changes."""
        return not self.session.is_completed

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
    model = Submission if isinstance(session, PracticeMain) else SubmissionHistory
    tries = model.objects.select_related("evaluation").defer("board", "evaluation__raw_reply")
    practice = (
        session.practices.select_related("question")
        .prefetch_related(Prefetch("submissions", queryset=tries))
        .filter(order=wanted)
        .first()
    )
    if practice is None:
        raise QuestionNotFound
    practice.session = session
    return Workspace(session, practice, progress, tries_of(practice), _config(practice, progress))


def _config(practice: AnyPractice, progress: Progress) -> dict[str, Any]:
    base = f"/api/v1/practice-main/{practice.session_id}"
    return {
        "session_id": practice.session_id,
        "question_id": practice.question_id,
        "order": practice.order,
        "version": practice.version,
        "saved_at": practice.saved_at,
        "draft_url": f"{base}/questions/{practice.question_id}/draft",
        "board_url": f"{base}/whiteboard",
        "frames": frames_of(progress.dots),
    }
