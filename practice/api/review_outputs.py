"""What the practice API answers about whole sessions: the review and the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from common.http.outputs import filled
from evaluation.models import Evaluation
from practice.api.outputs import EvaluationBriefOutput, SessionFields, SetOutput, SubmissionFields
from practice.selectors.history import HistoryRow
from practice.selectors.review import QuestionReview, Review, Summary, Try


@dataclass(frozen=True)
class EvaluationFullOutput(EvaluationBriefOutput):
    framework_score: float | None
    structure_score: float | None
    completeness_score: float | None
    strengths: list[str]
    improvements: list[str]
    suggested_framework: str
    example_point: str
    key_points: list[dict[str, Any]]
    withheld_reason: str | None
    error: str | None
    statement: str

    @classmethod
    def of(cls, evaluation: Evaluation | None) -> Self | None:
        if evaluation is None:
            return None
        return filled(
            cls,
            evaluation,
            evaluation_id=evaluation.pk,
            band=evaluation.band or None,
            withheld_reason=evaluation.withheld_reason or None,
            error=evaluation.error or None,
        )


@dataclass(frozen=True)
class ChangeOutput:
    """Against the scored try before: points gained and lost, and differences of scores."""

    since_number: int
    gained: list[str]
    lost: list[str]
    scores: dict[str, float | None]


@dataclass(frozen=True)
class TryOutput(SubmissionFields):
    evaluation: EvaluationFullOutput | None
    change: ChangeOutput | None

    @classmethod
    def of(cls, one: Try, question_id: int) -> Self:
        return filled(
            cls,
            one.submission,
            submission_id=one.submission.pk,
            question_id=question_id,
            evaluation=EvaluationFullOutput.of(one.evaluation),
            change=filled(ChangeOutput, one.change) if one.change else None,
        )


@dataclass(frozen=True)
class QuestionReviewOutput:
    question_id: int
    order: int
    title: str
    prompt: str
    answer_text: str
    unsent_draft: str | None
    active_seconds: int
    score: float | None
    sample_answer: str | None
    submissions: list[TryOutput]

    @classmethod
    def of(cls, question: QuestionReview, *, revealed: bool) -> Self:
        practice = question.practice
        return filled(
            cls,
            practice,
            unsent_draft=question.unsent_draft or None,
            score=question.score,
            sample_answer=practice.question.sample_answer if revealed else None,
            submissions=[TryOutput.of(one, practice.question_id) for one in question.tries],
        )


@dataclass(frozen=True)
class UnansweredOutput:
    question_id: int
    order: int
    title: str


@dataclass(frozen=True)
class SummaryOutput:
    questions: int
    answered: int
    unanswered: list[UnansweredOutput]
    tries: int
    active_seconds: int
    average_score: float | None
    scored: int
    unscored: int

    @classmethod
    def of(cls, summary: Summary) -> Self:
        unanswered = [filled(UnansweredOutput, practice) for practice in summary.unanswered]
        return filled(cls, summary, unanswered=unanswered)


@dataclass(frozen=True)
class ReviewOutput(SessionFields):
    """With the samples once the session is completed."""

    question_main: SetOutput
    summary: SummaryOutput
    questions: list[QuestionReviewOutput]
    sample_writeup: str | None

    @classmethod
    def of(cls, review: Review) -> Self:
        revealed = review.session.is_completed
        return filled(
            cls,
            review.session,
            practice_main_id=review.session.pk,
            question_main=SetOutput.of(review.question_main),
            summary=SummaryOutput.of(review.summary),
            questions=[QuestionReviewOutput.of(q, revealed=revealed) for q in review.questions],
            sample_writeup=review.question_main.sample_writeup if revealed else None,
        )


@dataclass(frozen=True)
class HistoryOutput(SessionFields):
    title: str
    category: str
    difficulty: str
    questions: int
    answered: int
    unscored: int
    average_score: float | None
    active_seconds: int

    @classmethod
    def of(cls, row: HistoryRow) -> Self:
        question_main = row.session.question_main
        return filled(
            cls,
            row.session,
            practice_main_id=row.session.pk,
            title=question_main.title,
            category=question_main.category,
            difficulty=question_main.difficulty,
            questions=row.questions,
            answered=row.score.answered,
            unscored=row.score.unscored,
            average_score=row.score.average,
            active_seconds=row.active_seconds,
        )
