"""Explains scores in sentences beside them: no number stands without its reason.

Source: UI.md "Numbers explain themselves", CONTRACT.md "Evaluation", EVALUATION.md §1.
"""

from __future__ import annotations

from evaluation.models import Evaluation
from evaluation.scoring import CUTS, SCORING_VERSION, WEIGHTS

BAND = (
    "It follows the large number: weak under {partial:g}, partial under {strong:g}, strong from"
    " there."
)
EARLIER = "Scored by an earlier version. Its numbers cannot be compared with newer ones."
OVERALL_LOCAL = (
    "The average of key points and coverage. Coverage is how much of a full answer yours mentions;"
    " specific words count more. Here it is {coverage:.1f}."
)
OVERALL_CLAUDE = (
    "{completeness:.0f} % key points, {framework:.0f} % framework, {structure:.0f} % structure,"
    " as far as the question has them."
).format(**{name: 100 * weight for name, weight in WEIGHTS.items()})


def explain(evaluation: Evaluation) -> list[tuple[str, str]]:
    """`(what, sentence)` for the word, and for each bar that has a number."""
    partial, strong = CUTS[evaluation.provider]
    rows = [("The word", BAND.format(partial=partial, strong=strong))]
    if evaluation.scoring_version != SCORING_VERSION:
        rows = [("Version", EARLIER)]
    elif evaluation.provider == Evaluation.Provider.LOCAL:
        rows.append(("Overall", _overall_local(evaluation)))
    else:
        rows.append(("Overall", OVERALL_CLAUDE))
    for name in ("framework", "structure"):
        if getattr(evaluation, f"{name}_score") is not None:
            found = [step["found"] for step in evaluation.observations if step["group"] == name]
            share = f"The share of {name} steps that can be seen in your text:"
            rows.append((name.capitalize(), f"{share} {sum(found)} of {len(found)}."))
    if evaluation.completeness_score is not None:
        levels = [point["level"] for point in evaluation.key_points]
        counts = (
            f"{levels.count('met')} of {len(levels)} met, {levels.count('partial')} partly covered"
        )
        if denied := levels.count("denied"):
            counts += f", {denied} denied"
        weighed = "Each counts by its weight in the rubric, one partly covered counts half."
        rows.append(("Key points", f"{counts}. {weighed}"))
    return rows


def _overall_local(evaluation: Evaluation) -> str:
    points, coverage = evaluation.completeness_score, 10 * (evaluation.estimate or 0.0)
    if points is None:
        return "Coverage: how much of what a full answer says is touched by yours."
    return OVERALL_LOCAL.format(coverage=coverage)


def contrast(evaluation: Evaluation) -> str:
    """Why the word is not "strong" although every key point is met; "" where that is not so."""
    met = all(point["level"] == "met" for point in evaluation.key_points)
    if not evaluation.key_points or not met or evaluation.band == "strong":
        return ""
    strong = CUTS[evaluation.provider][1]
    return (
        "Every key point is met. The word follows the large number,"
        f" {evaluation.overall_score:.1f}, and “strong” begins at {strong:g}."
    )
