"""The score of a test: what its questions came to, over all of them, answered or not.

It is read from the runs that count, never stored: it cannot disagree with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from judge.models import CodeRun
from judge.selectors.runs import ShownCase, shown_cases
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.selectors.plans import points_in
from sessions_app.proctoring.models import ProctoredSession, SessionRun
from sessions_app.proctoring.services.scoring import is_answered, is_scorable

QuestionState = Literal["scored", "scoring", "unanswered", "not_scored"]
ScoreState = Literal["scored", "scoring", "not_scored"]


@dataclass(frozen=True)
class QuestionScore:
    """`points` of `max_points`, by the weight of the passed hidden cases; None without a verdict.
    `passed` of `cases` counts them."""

    question: UUID
    title: str
    language: str
    verdict: str
    passed: int
    cases: int
    points: float | None
    max_points: int
    run_id: UUID | None
    status: QuestionState


@dataclass(frozen=True)
class Score:
    """Null numbers unless scored: a run that failed through our fault is no 0."""

    status: ScoreState
    points: float | None
    max_points: int
    percentage: float | None
    questions: tuple[QuestionScore, ...]


def score_of(session: ProctoredSession, *, now: datetime) -> Score:
    return scores_of([session], now=now)[session.pk]


def scores_of(sessions: Iterable[ProctoredSession], *, now: datetime) -> dict[UUID, Score]:
    """Those of many tests, in two statements."""
    sessions = list(sessions)
    counting = SessionRun.objects.filter(session__in=sessions, counts=True).select_related("run")
    runs = {
        (row.session_id, str(row.question_id)): row.run
        for row in counting.defer("run__source", "run__compile_output")
    }
    ids = {pk for session in sessions for pk in points_in(session.plan)}
    rows = CodingQuestion.objects.only("title", "boiler_plate").filter(pk__in=ids)
    questions = {str(question.pk): question for question in rows}
    return {session.pk: _score(session, questions, runs, now=now) for session in sessions}


@dataclass(frozen=True)
class ShownRun:
    """A scoring run for staff: hidden cases, expected beside actual output. Large cases are named,
    not shown: the page of the run in the console has their texts."""

    row: SessionRun
    cases: list[ShownCase]


def scoring_runs(session: ProctoredSession) -> list[ShownRun]:
    """Those that count first, then what they replaced, the newest first; at most fifty."""
    rows = session.runs.filter(kind=SessionRun.Kind.SCORING).select_related(
        "run__case_set", "question"
    )
    rows = rows.prefetch_related("run__results").order_by("-counts", "-pk")[:50]
    return [ShownRun(row, shown_cases(row.run, whole=False)) for row in rows]


def _score(
    session: ProctoredSession,
    questions: dict[str, CodingQuestion],
    runs: dict[tuple[UUID, str], CodeRun],
    *,
    now: datetime,
) -> Score:
    is_over = is_scorable(session, now=now)
    found = tuple(
        _question_score(
            questions[pk],
            points,
            runs.get((session.pk, pk)) if is_over else None,
            answer=session.pending_answers.get(pk),
            is_over=is_over,
        )
        for pk, points in points_in(session.plan).items()
        if pk in questions
    )
    states = {question.status for question in found}
    state: ScoreState = "scored"
    if not is_over or "not_scored" in states:
        state = "not_scored"
    elif "scoring" in states:
        state = "scoring"
    most = sum(question.max_points for question in found)
    points = percentage = None
    if state == "scored":
        points = round(sum((question.points or 0 for question in found), 0.0), 2)
        percentage = round(100 * points / most, 1) if most else None
    return Score(state, points, most, percentage, found)


def _question_score(
    question: CodingQuestion, most: int, run: CodeRun | None, *, answer: Any, is_over: bool
) -> QuestionScore:
    known: dict[str, Any] = {
        "question": question.pk, "title": question.title, "language": "", "verdict": "",
        "passed": 0, "cases": 0, "points": None, "max_points": most, "run_id": None,
    }  # fmt: skip
    if run is None:
        if is_over and not is_answered(question, answer):
            return QuestionScore(**{**known, "points": 0.0, "status": "unanswered"})
        return QuestionScore(**known, status="not_scored")
    known |= {"language": run.language, "verdict": run.verdict, "run_id": run.uuid}
    if run.status in CodeRun.OPEN:
        return QuestionScore(**known, status="scoring")
    if run.status != CodeRun.Status.DONE or not run.weight:
        return QuestionScore(**known, status="not_scored")
    known |= {"passed": run.passed, "cases": run.cases}
    known["points"] = round(most * run.earned / run.weight, 2)
    return QuestionScore(**known, status="scored")
