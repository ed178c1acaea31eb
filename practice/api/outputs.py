"""What the practice API answers: each class is the JSON and its schema."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from common.drafts import Saved
from common.http.outputs import filled
from evaluation.models import Evaluation
from practice.models import Question, QuestionMain
from practice.selectors.progress import Progress
from practice.selectors.scenes import scene_of
from practice.selectors.sessions import (
    AnyPractice,
    AnySession,
    AnySubmission,
    board_version_of,
    draft_versions_of,
)


@dataclass(frozen=True)
class SetFields:
    question_main_id: int
    id: int
    slug: str
    title: str
    kind: str
    category: str
    difficulty: str
    minutes: int
    summary: str


@dataclass(frozen=True)
class SetOutput(SetFields):
    @classmethod
    def of(cls, row: QuestionMain) -> Self:
        return filled(cls, row, question_main_id=row.pk)


@dataclass(frozen=True)
class FrameworkStepOutput:
    title: str
    hint: str


@dataclass(frozen=True)
class FrameworkOutput:
    name: str
    steps: list[FrameworkStepOutput]

    @classmethod
    def of(cls, question: Question) -> Self:
        steps = question.framework_steps
        return cls(
            name=question.framework_name,
            steps=[FrameworkStepOutput(step["title"], step.get("hint", "")) for step in steps],
        )


@dataclass(frozen=True)
class SetQuestionOutput:
    question_id: int
    id: int
    order: int
    slug: str
    title: str
    prompt: str
    framework: FrameworkOutput
    sample_answer: str | None

    @classmethod
    def of(cls, question: Question, *, revealed: bool) -> Self:
        return filled(
            cls,
            question,
            question_id=question.pk,
            framework=FrameworkOutput.of(question),
            sample_answer=question.sample_answer if revealed else None,
        )


@dataclass(frozen=True)
class SetDetailOutput(SetFields):
    """The samples are null until the learner has completed the set once."""

    sample_writeup: str | None
    questions: list[SetQuestionOutput]

    @classmethod
    def of(cls, row: QuestionMain, questions: Iterable[Question], *, revealed: bool) -> Self:
        return filled(
            cls,
            row,
            question_main_id=row.pk,
            sample_writeup=row.sample_writeup if revealed else None,
            questions=[SetQuestionOutput.of(q, revealed=revealed) for q in questions],
        )


@dataclass(frozen=True)
class BankQuestionOutput:
    question_id: int
    id: int
    title: str
    prompt: str
    category: str
    difficulty: str
    question_main_id: int
    framework: FrameworkOutput

    @classmethod
    def of(cls, question: Question) -> Self:
        return filled(
            cls,
            question,
            question_id=question.pk,
            category=question.question_main.category,
            difficulty=question.question_main.difficulty,
            framework=FrameworkOutput.of(question),
        )


@dataclass(frozen=True)
class SessionFields:
    practice_main_id: int
    id: int
    user_id: int
    question_main_id: int
    status: str
    started_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True)
class SessionOutput(SessionFields):
    @classmethod
    def of(cls, session: AnySession) -> Self:
        return filled(cls, session, practice_main_id=session.pk)


@dataclass(frozen=True)
class DotOutput:
    question_id: int
    order: int
    title: str
    has_submission: bool
    score: float | None
    draft_version: int


@dataclass(frozen=True)
class SessionDetailOutput(SessionFields):
    """The versions of drafts and board tell a page whether the server still has what it saved."""

    progress: list[DotOutput]
    first_incomplete_question_id: int | None
    board_version: int

    @classmethod
    def of(cls, session: AnySession, progress: Progress) -> Self:
        first, versions = progress.first_incomplete, draft_versions_of(session)
        return filled(
            cls,
            session,
            practice_main_id=session.pk,
            progress=[
                filled(DotOutput, dot, draft_version=versions.get(dot.question_id, 0))
                for dot in progress.dots
            ],
            first_incomplete_question_id=first.question_id if first else None,
            board_version=board_version_of(session),
        )


@dataclass(frozen=True)
class DraftOutput:
    question_id: int
    answer_text: str
    version: int
    saved_at: datetime | None

    @classmethod
    def of(cls, practice: AnyPractice) -> Self:
        return filled(cls, practice)


@dataclass(frozen=True)
class BoardRevisionOutput:
    """What was replaced and when, without its drawing of up to 2 MB."""

    revision_id: uuid.UUID
    id: uuid.UUID
    version: int
    conflict: bool
    late: bool
    saved_at: datetime

    @classmethod
    def of(cls, revision: Any) -> Self:
        return filled(cls, revision, revision_id=revision.pk)


@dataclass(frozen=True)
class BoardSceneOutput(BoardRevisionOutput):
    scene: dict[str, Any]

    @classmethod
    def of(cls, revision: Any) -> Self:
        return filled(cls, revision, revision_id=revision.pk, scene=scene_of(revision))


@dataclass(frozen=True)
class RevisionOutput(BoardRevisionOutput):
    """A saved text that a different one replaced, or that came late."""

    answer_text: str


@dataclass(frozen=True)
class SavedDraftOutput:
    """`replaced`: the text that this save replaced."""

    version: int
    saved_at: datetime
    conflict: bool
    replaced: RevisionOutput | None

    @classmethod
    def of(cls, saved: Saved, *, now: datetime) -> Self:
        """`now` is the time reported for an empty text that was never saved."""
        replaced = RevisionOutput.of(saved.replaced) if saved.replaced else None
        return cls(saved.version, saved.saved_at or now, saved.conflict, replaced)


@dataclass(frozen=True)
class SavedBoardOutput:
    """`replaced`: the revision that holds the scene this save replaced."""

    version: int
    saved_at: datetime | None
    conflict: bool
    replaced: BoardRevisionOutput | None

    @classmethod
    def of(cls, saved: Saved) -> Self:
        replaced = BoardRevisionOutput.of(saved.replaced) if saved.replaced else None
        return filled(cls, saved, replaced=replaced)


@dataclass(frozen=True)
class BoardOutput:
    scene: dict[str, Any] | None
    version: int
    saved_at: datetime | None

    @classmethod
    def of(cls, session: AnySession) -> Self:
        board = getattr(session, "board", None)
        return filled(cls, board, scene=scene_of(board)) if board else cls(None, 0, None)


@dataclass(frozen=True)
class EvaluationBriefOutput:
    evaluation_id: int
    status: str
    provider: str
    band: str | None
    overall_score: float | None

    @classmethod
    def of(cls, evaluation: Evaluation | None) -> Self | None:
        if evaluation is None:
            return None
        return filled(cls, evaluation, evaluation_id=evaluation.pk, band=evaluation.band or None)


@dataclass(frozen=True)
class SubmissionFields:
    submission_id: int
    id: int
    question_id: int
    number: int
    answer_text: str
    diagram: dict[str, Any] | None
    submitted_at: datetime


@dataclass(frozen=True)
class SubmissionOutput(SubmissionFields):
    evaluation: EvaluationBriefOutput | None

    @classmethod
    def of(cls, submission: AnySubmission, question_id: int) -> Self:
        return filled(
            cls,
            submission,
            submission_id=submission.pk,
            question_id=question_id,
            evaluation=EvaluationBriefOutput.of(submission.evaluation),
        )
