"""What the interview API answers: each class is the JSON and its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from common.drafts import Saved
from common.http.outputs import filled
from practice.api.outputs import FrameworkOutput, RevisionOutput
from practice.models import Question
from sessions_app.interviews.models import (
    SCORES,
    Attempt,
    FollowUp,
    InterviewDraft,
    PracticeSession,
)
from sessions_app.interviews.selectors.questions import NextQuestion

WORDS = ("strengths", "improvements", "suggested_framework", "example_point")


@dataclass(frozen=True)
class InterviewSessionOutput:
    """`avg_score` is null in a mock interview until its end."""

    id: UUID
    session_id: UUID
    user_id: int
    category_filter: str | None
    mode: Annotated[str, PracticeSession.Mode]
    timer_minutes: int | None
    started_at: datetime
    ended_at: datetime | None
    questions_count: int
    avg_score: float | None
    deadline: datetime | None

    @classmethod
    def of(cls, row: PracticeSession) -> Self:
        shown = None if row.hides_scores else row.avg_score
        return filled(cls, row, session_id=row.pk, avg_score=shown)


@dataclass(frozen=True)
class AttemptEvaluationOutput:
    evaluation_id: int
    status: str


@dataclass(frozen=True)
class AttemptOutput:
    """Scores and feedback texts are null while the evaluation has not succeeded, and in a mock
    interview until its end. `unscored` is "limit" when the day's feedback was used up: the answer
    is kept, and POST …/feedback asks for its evaluation."""

    id: int
    attempt_id: int
    question_id: int
    session_id: UUID
    answer_text: str
    time_spent_sec: int | None
    overall_score: float | None
    framework_score: float | None
    structure_score: float | None
    completeness_score: float | None
    strengths: str | None
    improvements: str | None
    suggested_framework: str | None
    example_point: str | None
    evaluation: AttemptEvaluationOutput | None
    unscored: Literal["limit"] | None
    late_by_sec: int
    self_rating: int | None
    created_at: datetime

    @classmethod
    def of(cls, row: Attempt) -> Self:
        """Expects `session` and `evaluation` loaded."""
        evaluation = row.evaluation
        if row.session.hides_scores:
            results = dict.fromkeys((*SCORES, *WORDS))
        else:
            results = {word: getattr(row, word) or None for word in WORDS}
        return filled(
            cls,
            row,
            attempt_id=row.pk,
            evaluation=evaluation and AttemptEvaluationOutput(evaluation.pk, evaluation.status),
            unscored=row.unscored or None,
            **results,
        )


@dataclass(frozen=True)
class QuestionOutput:
    """As in the bank: no key points and no sample answer, which would give the answer away."""

    question_id: int
    title: str
    prompt: str
    category: str
    framework: FrameworkOutput

    @classmethod
    def of(cls, row: Question) -> Self:
        """Expects `question_main` loaded."""
        category = row.question_main.category
        framework = FrameworkOutput.of(row)
        return filled(cls, row, question_id=row.pk, category=category, framework=framework)


@dataclass(frozen=True)
class NextQuestionOutput:
    question: QuestionOutput | None
    reason: str
    reason_code: str

    @classmethod
    def of(cls, found: NextQuestion) -> Self:
        question = QuestionOutput.of(found.question) if found.question else None
        return cls(question, found.reason, found.code)


@dataclass(frozen=True)
class InterviewBeatOutput:
    """`draft_version`: of the draft that was asked about, null when none was."""

    server_time: datetime
    deadline: datetime | None
    ended_at: datetime | None
    draft_version: int | None


@dataclass(frozen=True)
class FollowUpOutput:
    """A question that the interviewer asked back. `answer_text` is a draft until `answered_at`."""

    number: int
    question: str
    answer_text: str
    version: int
    saved_at: datetime | None
    asked_at: datetime
    answered_at: datetime | None

    @classmethod
    def of(cls, row: FollowUp) -> Self:
        return filled(cls, row, question=row.question_text)


@dataclass(frozen=True)
class DialogueOutput:
    """`ended_at` null while a question waits for its reply, or where none was asked. After the end
    `whole_evaluation_id` judges the answer with all replies, and is null once it has replaced the
    attempt's `evaluation`."""

    follow_ups: list[FollowUpOutput]
    ended_at: datetime | None
    whole_evaluation_id: int | None

    @classmethod
    def of(cls, row: Attempt) -> Self:
        follow_ups = [FollowUpOutput.of(one) for one in row.follow_ups.order_by("number")]
        return cls(follow_ups, row.dialogue_ended_at, row.whole_evaluation_id)


@dataclass(frozen=True)
class InterviewDraftOutput:
    answer_text: str
    version: int
    saved_at: datetime | None

    @classmethod
    def of(cls, row: InterviewDraft | FollowUp) -> Self:
        return filled(cls, row)


@dataclass(frozen=True)
class InterviewDraftSavedOutput:
    version: int
    saved_at: datetime | None
    conflict: bool

    @classmethod
    def of(cls, saved: Saved) -> Self:
        return filled(cls, saved)


@dataclass(frozen=True)
class InterviewRevisionOutput(RevisionOutput):
    pass
