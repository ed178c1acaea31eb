"""Explains scores in sentences beside them: no number stands without its reason.

Source: UI.md "Numbers explain themselves", CONTRACT.md "Evaluation", EVALUATION.md §1.
"""

from __future__ import annotations

from evaluation.models import Evaluation
from evaluation.scoring import PARTIAL_FROM, STRONG_FROM, WEIGHTS

BAND = (
    f"It follows coverage, the large number: weak under {PARTIAL_FROM:g},"
    f" partial under {STRONG_FROM:g}, strong from there."
)
COVERAGE_LOCAL = (
    "How much of what a full answer says is touched by yours; telling words weigh more."
    " A point is met before all about it is said, so coverage can stay below the points."
    " Full-mark answers by people often lie between 4.5 and 6.5: compare your own tries by it."
)
COVERAGE_CLAUDE = (
    "{completeness:.0f} % key points, {framework:.0f} % framework, {structure:.0f} % structure,"
    " as far as the question has them."
).format(**{name: 100 * weight for name, weight in WEIGHTS.items()})


def explain(evaluation: Evaluation) -> list[tuple[str, str]]:
    """`(what, sentence)` for the word, and for each bar that has a number."""
    is_local = evaluation.provider == Evaluation.Provider.LOCAL
    rows = [("The word", BAND), ("Coverage", COVERAGE_LOCAL if is_local else COVERAGE_CLAUDE)]
    for name in ("framework", "structure"):
        if getattr(evaluation, f"{name}_score") is not None:
            found = [step["found"] for step in evaluation.observations if step["group"] == name]
            share = f"The share of {name} steps that can be seen in your text:"
            rows.append((name.capitalize(), f"{share} {sum(found)} of {len(found)}."))
    if evaluation.completeness_score is not None:
        levels = [point["level"] for point in evaluation.key_points]
        counts = f"{levels.count('met')} of {len(levels)} met, {levels.count('partial')} in part."
        weighed = "Each counts by its weight in the rubric, one met in part counts half."
        rows.append(("Key points", f"{counts} {weighed}"))
    return rows


def contrast(evaluation: Evaluation) -> str:
    """Why the word is not "strong" although every key point is met; "" where that is not so."""
    met = all(point["level"] == "met" for point in evaluation.key_points)
    if not evaluation.key_points or not met or evaluation.band == "strong":
        return ""
    return (
        f"Every key point is met. The word follows coverage, {evaluation.overall_score:.1f}:"
        f" how much of a full answer your text says, and “strong” begins at {STRONG_FROM:g}."
    )
