"""Rules of the interview room that need no database: the next question, lateness, modes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import fsum
from typing import Any

MOCK_QUESTIONS = 4
MOST_FOLLOW_UPS = 3
SHORTEST_ANSWER, LONGEST_ANSWER = 50, 50_000
LONGEST_TIME_SPENT = 86_400
WARN_AT_MINUTES = (5, 1)

RULE = (
    "Questions you have never answered come first. Then comes the category with your lowest "
    "average, and in it the question you have left alone the longest. No question comes twice in "
    "a session unless you ask for it."
)

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """A question that may come next. `last_answered_at` is None when it was never answered."""

    question_id: int
    category: str
    last_answered_at: datetime | None = None

    def rank(self, *, averages: Mapping[str, float], seed: str) -> tuple[Any, ...]:
        """Lowest first: never answered, weakest category, answered longest ago, then by hash."""
        shuffle = hashlib.sha256(f"{seed}:{self.question_id}".encode()).hexdigest()
        average = averages.get(self.category, -1.0)
        return self.last_answered_at is not None, average, self.last_answered_at or NEVER, shuffle


@dataclass(frozen=True)
class Choice:
    """`question_id` None: no question is left. `code` for programs, `reason` for the learner."""

    question_id: int | None
    code: str
    reason: str


def mean(values: Iterable[float | None], *, digits: int) -> float | None:
    """The rounded mean of the known values; None without one."""
    known = [value for value in values if value is not None]
    return round(fsum(known) / len(known), digits) if known else None


def asks_back(*, mode: str, wanted: bool) -> bool:
    """By choice; always in a mock interview and never in rapid fire, whose next question comes at
    once."""
    return mode == "mock" or (wanted and mode != "rapid_fire")


def next_follow_up(
    *, asked: Sequence[str], of_model: Sequence[str], of_bank: Sequence[str]
) -> str | None:
    """What the interviewer asks next: the model's questions come from what the answer missed, so
    they precede the bank's. None after three, or when none is left."""
    if len(asked) >= MOST_FOLLOW_UPS:
        return None
    fresh = (question for question in (*of_model, *of_bank) if question not in asked)
    return next(fresh, None)


def lateness(*, deadline: datetime | None, now: datetime) -> int:
    """Whole seconds after the deadline; 0 in time or without a timer."""
    return max(0, int((now - deadline).total_seconds())) if deadline else 0


def choose_next(
    candidates: Sequence[Candidate],
    *,
    averages: Mapping[str, float],
    answered: Collection[int] = (),
    skipped: Sequence[int] = (),
    seed: str = "",
    again: bool = False,
) -> Choice:
    """The rule that the page states (`RULE`), the same each time it is asked.

    `averages`: category → mean overall score 0–10; a category without a result counts as weakest,
    so that every category gets one. Ties are broken by a hash of `seed` (the session's id), which
    mixes the bank for each session and still gives a reload the same question. `skipped` questions
    wait until nothing else is left. `again` lets questions of this session return.
    """
    if not candidates:
        return Choice(None, "bank_empty", "There are no questions in this category yet.")
    ranked = sorted(candidates, key=lambda c: c.rank(averages=averages, seed=seed))
    fresh = [c for c in ranked if c.question_id not in answered]
    put_off = {question_id: place for place, question_id in enumerate(skipped)}
    first = [c for c in fresh if c.question_id not in put_off]
    if first:
        return _explained(first[0], averages)
    if fresh:
        oldest = min(fresh, key=lambda c: put_off[c.question_id])
        return Choice(oldest.question_id, "skipped", "You put this one off earlier.")
    if again:
        longest = min(ranked, key=lambda c: c.last_answered_at or NEVER)
        return Choice(
            longest.question_id, "again", "You asked for a question of this session again."
        )
    return Choice(None, "all_answered", "You have answered every question of this choice.")


def choose_planned(
    plan: Sequence[int], *, answered: Collection[int], skipped: Sequence[int] = ()
) -> Choice:
    """A mock interview asks its fixed questions in order; skipped ones come last."""
    if not plan:
        return Choice(None, "bank_empty", "There are no questions in this category yet.")
    left = [question_id for question_id in plan if question_id not in answered]
    if not left:
        return Choice(None, "all_answered", "You have answered every question of this interview.")
    put_off = list(skipped)
    left.sort(key=lambda q: put_off.index(q) + 1 if q in put_off else 0)
    place = len(plan) - len(left) + 1
    return Choice(left[0], "planned", f"Question {place} of {len(plan)}.")


def plan_mock(
    candidates: Sequence[Candidate],
    *,
    averages: Mapping[str, float],
    seed: str,
    size: int = MOCK_QUESTIONS,
) -> list[int]:
    """The fixed questions of a mock interview: the rule applied `size` times, each time to the
    categories that are not in the plan yet, while there are any."""
    category_of = {c.question_id: c.category for c in candidates}
    plan: list[int] = []
    while len(plan) < size:
        planned = {category_of[question_id] for question_id in plan}
        left = [c for c in candidates if c.question_id not in plan]
        other = [c for c in left if c.category not in planned]
        choice = choose_next(other or left, averages=averages, seed=seed)
        if choice.question_id is None:
            break
        plan.append(choice.question_id)
    return plan


def _explained(candidate: Candidate, averages: Mapping[str, float]) -> Choice:
    if candidate.last_answered_at is None:
        return Choice(candidate.question_id, "unseen", "You have not answered this one before.")
    average = averages.get(candidate.category)
    if average is None:
        return Choice(
            candidate.question_id, "no_result", "You have no result in this category yet."
        )
    return Choice(
        candidate.question_id,
        "weakest",
        f"Your average in this category is {average:.1f}, and you have left this question alone "
        "the longest.",
    )
