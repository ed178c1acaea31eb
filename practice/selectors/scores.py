"""Average scores of sessions, one query for any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from practice.models import SubmissionHistory

Scored = tuple[float, str]


@dataclass(frozen=True)
class SessionScore:
    """`average` is the mean of each question's best score, one decimal; None when none has one.
    Answers without numbers (withheld, waiting, failed) are left out and counted as `unscored`.
    Scores of different providers do not compare: `is_mixed` says so, and there is no average."""

    answered: int = 0
    scored: int = 0
    average: float | None = None
    provider: str = ""
    is_mixed: bool = False

    @property
    def unscored(self) -> int:
        return self.answered - self.scored


def scores_of_completed(session_ids: Iterable[int]) -> dict[int, SessionScore]:
    of_these = SubmissionHistory.objects.filter(practice__session_id__in=list(session_ids))
    rows = of_these.order_by("number")
    return scores_from(
        rows.values_list(
            "practice__session_id",
            "practice_id",
            "evaluation__overall_score",
            "evaluation__provider",
        )
    )


def scores_from(tries: Iterable[tuple[int, int, float | None, str]]) -> dict[int, SessionScore]:
    """{key: score} of tries, each question's oldest first: (key, question, score, provider)."""
    by_key: dict[int, dict[int, list[Scored | None]]] = {}
    for key, question, score, provider in tries:
        scored = (score, provider) if score is not None else None
        by_key.setdefault(key, {}).setdefault(question, []).append(scored)
    return {
        key: score_of([best_of(scored) for scored in questions.values()])
        for key, questions in by_key.items()
    }


def best_of(tries: Iterable[Scored | None]) -> Scored | None:
    """The one number of a question: its best try, so that a later one never lowers it.

    Of tries, oldest first, the highest score by the provider that scored last, since numbers of
    different providers do not compare; None when no try has one.
    """
    best: Scored | None = None
    for scored in tries:
        if scored and (best is None or scored[1] != best[1] or scored[0] >= best[0]):
            best = scored
    return best


def score_of(answers: Sequence[Scored | None]) -> SessionScore:
    """From each answered question's best (score, provider), None where it has no number."""
    scored = [answer for answer in answers if answer is not None]
    providers = {provider for _, provider in scored}
    comparable = len(providers) == 1
    average = round(sum(score for score, _ in scored) / len(scored), 1) if comparable else None
    return SessionScore(
        answered=len(answers),
        scored=len(scored),
        average=average,
        provider=providers.pop() if comparable else "",
        is_mixed=len(providers) > 1,
    )
