"""How a score came about, in sentences beside it: no number stands without its reason.

Source: UI.md "Numbers explain themselves", CONTRACT.md "Evaluation", EVALUATION.md §1.
"""

from __future__ import annotations

from typing import Any

from evaluation.models import Evaluation
from evaluation.scoring import PARTIAL_FROM, STRONG_FROM, WEIGHTS

SHARE = "The share of {name} steps that can be seen in your text: {found} of {all}."


def explain(evaluation: Evaluation) -> list[tuple[str, str]]:
    """`(what, sentence)` for the word, and for each bar that has a number."""
    rows = [("The word", _band_sentence()), ("Coverage", _coverage_sentence(evaluation))]
    rows += [
        (name.capitalize(), SHARE.format(name=name, **_steps(evaluation, name)))
        for name in ("framework", "structure")
        if getattr(evaluation, f"{name}_score") is not None
    ]
    if evaluation.completeness_score is not None:
        rows.append(("Key points", _points_sentence(evaluation)))
    return rows


def contrast(evaluation: Evaluation) -> str:
    """Why the word is not "strong" although every key point is met; "" where nothing clashes."""
    met = all(point["level"] == "met" for point in evaluation.key_points)
    if not evaluation.key_points or not met or evaluation.band == "strong":
        return ""
    return (
        f"Every key point is met. The word follows coverage, {evaluation.overall_score:.1f}:"
        f" how much of a full answer your text says, and “strong” begins at {STRONG_FROM:g}."
    )


def _band_sentence() -> str:
    return (
        f"It follows coverage, the large number: weak under {PARTIAL_FROM:g},"
        f" partial under {STRONG_FROM:g}, strong from there."
    )


def _coverage_sentence(evaluation: Evaluation) -> str:
    if evaluation.provider != Evaluation.Provider.LOCAL:
        shares = {name: f"{weight:.0%}".replace("%", " %") for name, weight in WEIGHTS.items()}
        return (
            f"{shares['completeness']} key points, {shares['framework']} framework,"
            f" {shares['structure']} structure, as far as the question has them."
        )
    return (
        "How much of what a full answer says is touched by yours; telling words weigh more."
        " A point is met before all about it is said, so coverage can stay below the points."
        " Full-mark answers by people often lie between 4.5 and 6.5: compare your own tries by it."
    )


def _points_sentence(evaluation: Evaluation) -> str:
    levels = [point["level"] for point in evaluation.key_points]
    met, partly = levels.count("met"), levels.count("partial")
    return (
        f"{met} of {len(levels)} met, {partly} in part. Each counts by its weight in the rubric,"
        " one met in part counts half."
    )


def _steps(evaluation: Evaluation, group: str) -> dict[str, Any]:
    found = [step["found"] for step in evaluation.observations if step["group"] == group]
    return {"found": sum(found), "all": len(found)}
