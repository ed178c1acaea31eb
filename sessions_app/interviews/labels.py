"""Texts that pages use for categories, modes, dimensions and outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.selectors import feedback
from sessions_app.interviews.models import Attempt, PracticeSession

DIMENSIONS = tuple(feedback.DIMENSIONS.items())
"""(score field, its name), in the words of the feedback."""

OUTCOMES = {
    "queued": "waiting to be read",
    "running": "being read",
    "withheld": "no score",
    "refused": "no score",
    "failed": "scoring failed",
    "cancelled": "not scored",
}
RESULTS_LATER = ("rapid_fire", "mock")
"""Modes that go on to the next question at once; results wait for the end."""

RATINGS = ((1, "Badly"), (2, "Not well"), (3, "So-so"), (4, "Well"), (5, "Very well"))


@dataclass(frozen=True)
class ModeInfo:
    """A mode as the start page offers it; `minutes` is the timer it suggests, None for none."""

    value: str
    label: str
    promise: str
    minutes: int | None


MODES = (
    ModeInfo(
        "standard",
        "Standard",
        "One question after the other, feedback after each. A timer if you want one.",
        None,
    ),
    ModeInfo(
        "timed",
        "Timed",
        "As standard, against a clock for the whole session. Late answers count, marked late.",
        30,
    ),
    ModeInfo(
        "rapid_fire",
        "Rapid fire",
        "Many short answers: the next question comes at once, ratings and results at the end.",
        15,
    ),
    ModeInfo(
        "mock",
        "Mock interview",
        "Four fixed questions, and the interviewer asks back. Results only at the end.",
        45,
    ),
)


def category_label(category: str | None) -> str:
    """`product_design` as "Product design"; None as all of them."""
    return category.replace("_", " ").capitalize() if category else "All categories"


def session_title(session: PracticeSession) -> str:
    # The dot stays at the end of its line where the title breaks.
    return f"{session.get_mode_display()}\u00a0· {category_label(session.category_filter)}"


def outcome(attempt: Attempt) -> str:
    """A short text for the state of an answer: "partial 5.8", "being read", "no score"."""
    if attempt.session.is_open and attempt.session.mode in RESULTS_LATER:
        return "kept"
    evaluation = attempt.evaluation
    if evaluation is None:
        return "no feedback yet"
    if attempt.overall_score is not None:
        return f"{evaluation.band} {attempt.overall_score:.1f}".strip()
    return OUTCOMES.get(evaluation.status, evaluation.status)


def said_against_result(
    rating: float | None, score: float | None, result: str = "the result"
) -> str:
    """Compares a self-rating 1–5 with a score 0–10 in words; a point of rating is two of score."""
    if rating is None or score is None:
        return ""
    difference = rating * 2 - score
    if abs(difference) <= 1.5:
        return f"close to {result}"
    return f"higher than {result}" if difference > 0 else f"lower than {result}"
