"""Average scores of sessions, one query for any number of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from practice.models import Submission, SubmissionHistory


@dataclass(frozen=True)
class SessionScore:
    """`average` is the mean of each question's newest score, one decimal; None when none has one.
    Answers without numbers (withheld, waiting, failed) are left out and counted as `unscored`."""

    answered: int = 0
    scored: int = 0
    average: float | None = None

    @property
    def unscored(self) -> int:
        return self.answered - self.scored


def scores_of_completed(session_ids: Iterable[int]) -> dict[int, SessionScore]:
    return _scores(SubmissionHistory, session_ids)


def scores_of_active(session_ids: Iterable[int]) -> dict[int, SessionScore]:
    return _scores(Submission, session_ids)


def _scores(
    model: type[Submission] | type[SubmissionHistory], session_ids: Iterable[int]
) -> dict[int, SessionScore]:
    rows = model.objects.filter(practice__session_id__in=list(session_ids)).order_by("number")
    newest: dict[int, dict[int, float | None]] = {}
    for session_id, practice_id, score in rows.values_list(
        "practice__session_id", "practice_id", "evaluation__overall_score"
    ):
        questions = newest.setdefault(session_id, {})
        questions[practice_id] = score if score is not None else questions.get(practice_id)
    return {session_id: _score(questions) for session_id, questions in newest.items()}


def _score(questions: dict[int, float | None]) -> SessionScore:
    scores = [score for score in questions.values() if score is not None]
    average = round(sum(scores) / len(scores), 1) if scores else None
    return SessionScore(answered=len(questions), scored=len(scores), average=average)
