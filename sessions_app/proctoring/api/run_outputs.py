"""What the API says of runs and scores: each class is the JSON and its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from rest_framework import serializers

from common.http.outputs import filled
from judge.models import CodeRun, Verdict
from judge.selectors.runs import ShownCase, place_of, shown_cases
from sessions_app.proctoring.models import ProctoredSession, SessionRun, TrialRun
from sessions_app.proctoring.selectors.languages import OfferedLanguage
from sessions_app.proctoring.selectors.scores import QuestionScore, Score
from sessions_app.proctoring.selectors.trial import toy_question

VERDICT = {"choices": Verdict.choices, "allow_null": True}
SCORE_STATES = {"help_text": "scored, scoring or not_scored"}
QUESTION_STATES = {"help_text": "scored, scoring, unanswered or not_scored"}


@dataclass(frozen=True)
class LanguagesOutput:
    """All four; `reason` says why one is not available, here or in this test."""

    languages: list[OfferedLanguage]
    success: bool = True


@dataclass(frozen=True)
class RunQueuedOutput:
    run_id: UUID
    kind: Annotated[str, SessionRun.Kind]
    status: Annotated[str, CodeRun.Status]
    success: bool = True


@dataclass(frozen=True)
class RunCaseOutput:
    """`verdict` null: it ended by itself, and nothing was expected of it. `error` is standard
    error. Outputs are cut at 64 KiB, those of hidden cases at 4 KiB. `difference_line` is the first
    line, from 1, that is not as expected; null unless the answer is wrong and its output whole."""

    number: int
    verdict: Annotated[str | None, VERDICT]
    cpu_ms: int
    memory_kb: int
    input: str
    expected: str | None
    output: str
    error: str
    note: str
    difference_line: int | None

    @classmethod
    def of(cls, shown: ShownCase) -> Self:
        return cls(
            number=shown.result.number,
            verdict=shown.result.verdict or None,
            cpu_ms=shown.result.cpu_ms,
            memory_kb=shown.result.memory_kb,
            input=shown.input,
            expected=shown.expected,
            output=shown.result.output,
            error=shown.result.error,
            note=shown.case.note,
            difference_line=shown.difference.line if shown.difference else None,
        )


@dataclass(frozen=True)
class RunOutput:
    """`position` counts the runs up to this one while it is queued. `verdict` is that of the first
    case that is not accepted."""

    run_id: UUID
    question: UUID
    kind: Annotated[str, SessionRun.Kind]
    language: str
    status: Annotated[str, CodeRun.Status]
    verdict: Annotated[str | None, VERDICT]
    compile_output: str
    position: int | None
    created_at: datetime
    finished_at: datetime | None
    cases: list[RunCaseOutput]

    @classmethod
    def of(cls, row: SessionRun) -> Self:
        return cls._of(row.run, question=row.question_id, kind=row.kind)

    @classmethod
    def of_trial(cls, row: TrialRun) -> Self:
        return cls._of(row.run, question=toy_question().pk, kind=row.kind)

    @classmethod
    def _of(cls, run: CodeRun, *, question: UUID, kind: str) -> Self:
        return cls(
            run_id=run.uuid,
            question=question,
            kind=kind,
            language=run.language,
            status=run.status,
            verdict=run.verdict or None,
            compile_output=run.compile_output,
            position=place_of(run),
            created_at=run.created_at,
            finished_at=run.finished_at,
            cases=[RunCaseOutput.of(shown) for shown in shown_cases(run)],
        )


@dataclass(frozen=True)
class RunReplyOutput:
    run: RunOutput
    success: bool = True


@dataclass(frozen=True)
class RunListOutput:
    runs: list[RunOutput]
    next: Annotated[str | None, serializers.URLField(allow_null=True)]
    success: bool = True


@dataclass(frozen=True)
class QuestionScoreOutput:
    """`points` null without a verdict; `passed` of `cases` counts the hidden cases."""

    question: UUID
    title: str
    language: str
    verdict: Annotated[str | None, VERDICT]
    passed: int
    cases: int
    points: float | None
    max_points: int
    run_id: UUID | None
    status: Annotated[str, QUESTION_STATES]

    @classmethod
    def of(cls, score: QuestionScore) -> Self:
        return filled(cls, score, verdict=score.verdict or None)


@dataclass(frozen=True)
class ScoreOutput:
    """Over all questions of the test, answered or not; numbers are null unless it is scored."""

    status: Annotated[str, SCORE_STATES]
    points: float | None
    max_points: int
    percentage: float | None
    questions: list[QuestionScoreOutput]
    success: bool = True

    @classmethod
    def of(cls, score: Score) -> Self:
        return filled(
            cls,
            score,
            questions=[QuestionScoreOutput.of(question) for question in score.questions],
            success=True,
        )


@dataclass(frozen=True)
class RescoreOutput:
    """How many runs were queued."""

    runs: int
    success: bool = True


@dataclass(frozen=True)
class ScoreRowOutput:
    """One candidate's test in the list of an assessment."""

    candidate_id: UUID
    name: str
    email: str
    status: Annotated[str, SCORE_STATES]
    started_at: datetime
    completed_at: datetime | None
    points: float | None
    max_points: int
    percentage: float | None
    questions: list[QuestionScoreOutput]

    @classmethod
    def of(cls, session: ProctoredSession, score: Score) -> Self:
        return cls(
            candidate_id=session.pk,
            name=session.candidate.name,
            email=session.candidate.email,
            status=score.status,
            started_at=session.test_start_time,
            completed_at=session.completed_at,
            points=score.points,
            max_points=score.max_points,
            percentage=score.percentage,
            questions=[QuestionScoreOutput.of(question) for question in score.questions],
        )

    def cells(self, titles: list[str]) -> list[Any]:
        """For the spreadsheet: the columns, then the points of one question after the other."""
        points = {question.title: question.points for question in self.questions}
        own = [getattr(self, name) for name in SCORE_COLUMNS]
        return [*own, *(points.get(title) for title in titles)]


SCORE_COLUMNS = (
    "candidate_id", "name", "email", "status", "started_at", "completed_at", "points",
    "max_points", "percentage",
)  # fmt: skip


@dataclass(frozen=True)
class AssessmentRowOutput:
    assessment_id: UUID
    title: str
    duration_minutes: int
    questions: int
    candidates: int
    completed: int
    archived: bool


@dataclass(frozen=True)
class CandidateRowOutput:
    """`status`: created, invited, opened (the link was), then that of the test: active, completed,
    abandoned, expired (its time ran out), voided."""

    candidate_id: UUID
    name: str
    email: str
    assessment_id: UUID | None
    assessment: str | None
    status: str
    invited_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    percentage: float | None
