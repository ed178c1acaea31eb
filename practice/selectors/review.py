"""Everything about one session in one value: for the review page, the API and the exports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evaluation.models import Evaluation
from evaluation.selectors.feedback import DIMENSIONS
from practice.models import QuestionMain
from practice.selectors.scores import Scored, best_of, score_of
from practice.selectors.sessions import AnyPractice, AnySession, AnySubmission

LEVELS = {"missed": 0, "partial": 1, "met": 2}


@dataclass(frozen=True)
class Change:
    """What a try changed against the scored try before it. Scores are differences."""

    since_number: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    scores: dict[str, float | None]

    @property
    def sentence(self) -> str:
        gained, lost = len(self.gained), len(self.lost)
        parts = [f"+{gained} point{'s' * (gained != 1)} covered"] if gained else []
        parts += [f"{lost} lost"] if lost else []
        what = ", ".join(parts) or "the same points"
        return f"Compared with try {self.since_number}: {what}"

    @property
    def named_scores(self) -> tuple[tuple[str, float], ...]:
        """The differences that exist, by the word for their dimension."""
        named = ((DIMENSIONS[name], value) for name, value in self.scores.items())
        return tuple((name, value) for name, value in named if value is not None)


@dataclass(frozen=True)
class Try:
    """One submission with its evaluation; `change` is None for the first scored one.
    `same_board_as` is the newest try of the question, if another, that has the same board."""

    submission: AnySubmission
    evaluation: Evaluation | None
    change: Change | None
    same_board_as: int | None = None

    @property
    def number(self) -> int:
        return self.submission.number


@dataclass(frozen=True)
class QuestionReview:
    """`unsent_draft` is the draft when it differs from what was last submitted, else ''."""

    practice: AnyPractice
    tries: tuple[Try, ...]
    unsent_draft: str

    @property
    def latest(self) -> Try | None:
        return self.tries[0] if self.tries else None

    @property
    def best(self) -> Try | None:
        """The newest of the tries that have the question's score."""
        score = scored_of(self.tries)
        same = (t for t in self.tries if t.evaluation and _number(t.evaluation) == score)
        return next(same, None) if score else None

    @property
    def score(self) -> float | None:
        score = scored_of(self.tries)
        return score[0] if score else None


@dataclass(frozen=True)
class Summary:
    """`average_score` is the mean of each question's best score, of scored questions only, one
    decimal; `unscored` counts answered questions that it leaves out. None when different providers
    scored (`is_mixed`), since their numbers do not compare."""

    questions: int
    answered: int
    tries: int
    active_seconds: int
    scored: int
    unscored: int
    average_score: float | None
    is_mixed: bool
    unanswered: tuple[AnyPractice, ...]


@dataclass(frozen=True)
class Review:
    session: AnySession
    question_main: QuestionMain
    questions: tuple[QuestionReview, ...]
    summary: Summary
    saved_until: datetime | None


def review_of(session: AnySession) -> Review:
    """Four queries whatever the number of tries."""
    practices = session.practices.select_related("question").with_feedback().order_by("order")
    questions = []
    for practice in practices:
        tries, draft = tries_of(practice.submissions.all()), practice.answer_text
        is_sent = bool(tries) and tries[0].submission.answer_text == draft
        unsent = "" if is_sent or not draft.strip() else draft
        questions.append(QuestionReview(practice, tries, unsent))
    return Review(
        session=session,
        question_main=session.question_main,
        questions=tuple(questions),
        summary=summary_of(questions),
        saved_until=session.last_saved_at,
    )


def tries_of(submissions: Iterable[AnySubmission]) -> tuple[Try, ...]:
    """All tries of a question, newest first, each with what it changed."""
    rows = sorted(submissions, key=lambda s: s.number)
    newest = {row.board_hash: row.number for row in rows if row.board_hash}
    tries: list[Try] = []
    before: AnySubmission | None = None
    for row in rows:
        scored = row.evaluation is not None and row.evaluation.overall_score is not None
        change = change_since(before, row) if scored else None
        same = newest.get(row.board_hash, row.number)
        tries.append(Try(row, row.evaluation, change, same if same != row.number else None))
        before = row if scored else before
    return tuple(reversed(tries))


def change_since(before: Any, row: Any) -> Change | None:
    """Of two scored tries; numbers of different providers are never set against each other."""
    if before is None or before.evaluation.provider != row.evaluation.provider:
        return None
    old, new = before.evaluation, row.evaluation
    was = {point["title"]: LEVELS.get(point["level"], 0) for point in old.key_points}
    now = {point["title"]: LEVELS.get(point["level"], 0) for point in new.key_points}
    both = [title for title in now if title in was]
    scores: dict[str, float | None] = {}
    for name in DIMENSIONS:
        before_it, after_it = getattr(old, name), getattr(new, name)
        known = before_it is not None and after_it is not None
        scores[name] = round(after_it - before_it, 1) if known else None
    return Change(
        since_number=before.number,
        gained=tuple(title for title in both if now[title] > was[title]),
        lost=tuple(title for title in both if now[title] < was[title]),
        scores=scores,
    )


def scored_of(tries: Sequence[Try]) -> Scored | None:
    """The question's (score, provider) by its tries, newest first."""
    return best_of(_number(t.evaluation) for t in reversed(tries))


def _number(evaluation: Evaluation | None) -> Scored | None:
    if evaluation is None or evaluation.overall_score is None:
        return None
    return evaluation.overall_score, evaluation.provider


def summary_of(questions: Sequence[QuestionReview]) -> Summary:
    answered = [q for q in questions if q.tries]
    score = score_of([scored_of(q.tries) for q in answered])
    return Summary(
        questions=len(questions),
        answered=len(answered),
        tries=sum(len(q.tries) for q in questions),
        active_seconds=sum(q.practice.active_seconds for q in questions),
        scored=score.scored,
        unscored=score.unscored,
        average_score=score.average,
        is_mixed=score.is_mixed,
        unanswered=tuple(q.practice for q in questions if not q.tries),
    )
