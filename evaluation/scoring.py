"""From findings to a verdict: the one scoring code of both providers.

A provider reports findings, point by point; numbers and sentences are computed here, so that the
same findings always give the same scores. Source: CONTRACT.md "Evaluation", EVALUATION.md §1–2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evaluation.types import Band, KeyPoint, Observation, PointResult, Quote, Rubric, Verdict

SCORING_VERSION = "2"
"""Kept with each verdict. Raise it with every change of formula, thresholds, cuts or word table."""

# The overall scores at which "partial" and "strong" begin, by the provider that judged.
CUTS = {"local": (2.0, 5.0), "claude": (4.0, 7.5), "own_model": (4.0, 7.5)}
CREDIT = {"met": 1.0, "partial": 0.5, "missed": 0.0, "denied": 0.0}
MOST_SENTENCES = 4
# Without a coverage estimate: what the key points weigh against framework and structure.
WEIGHTS = {"completeness": 0.6, "framework": 0.2, "structure": 0.2}


@dataclass(frozen=True)
class Findings:
    """A provider's findings. `estimate` is the formula's, 0–1; with None the parts decide.

    `weak_at_most` is a sentence for the learner: why the answer cannot be more, "" if it can.
    """

    key_points: tuple[PointResult, ...]
    observations: tuple[Observation, ...] = ()
    estimate: float | None = None
    board_notes: tuple[str, ...] = ()
    weak_at_most: str = ""


def verdict_of(
    findings: Findings, rubric: Rubric, *, provider: str, statement: str = ""
) -> Verdict:
    """A succeeded verdict with its four scores (0–10, one decimal) and its sentences."""
    completeness = completeness_score(findings.key_points, rubric.key_points)
    framework = steps_score(findings.observations, "framework")
    structure = steps_score(findings.observations, "structure")
    overall = overall_score(findings.estimate, completeness, framework, structure)
    if findings.weak_at_most:
        overall = min(overall, round(CUTS[provider][0] - 0.1, 1))
        statement = f"{findings.weak_at_most} {statement}".strip()
    return Verdict(
        status="succeeded",
        provider=provider,
        estimate=findings.estimate,
        band=band_of(overall, provider),
        scoring_version=SCORING_VERSION,
        overall_score=overall,
        framework_score=framework,
        structure_score=structure,
        completeness_score=completeness,
        strengths=tuple(strengths(findings)),
        improvements=tuple(improvements(findings, rubric)),
        suggested_framework=rubric.framework_name,
        example_point=example_point(findings.key_points, rubric),
        key_points=tuple(
            replace(result, why=point.why)
            for point, result in zip(rubric.key_points, findings.key_points, strict=True)
        ),
        observations=findings.observations,
        board_notes=findings.board_notes,
        statement=statement,
    )


def band_of(overall: float, provider: str) -> Band:
    partial_from, strong_from = CUTS[provider]
    if overall < partial_from:
        return "weak"
    return "partial" if overall < strong_from else "strong"


def completeness_score(results: Sequence[PointResult], points: Sequence[KeyPoint]) -> float | None:
    """10 × weighted share of key points met, a partial one counting half."""
    total = sum(point.weight for point in points)
    if not total:
        return None
    earned = sum(p.weight * CREDIT[r.level] for p, r in zip(points, results, strict=True))
    return round(10 * earned / total, 1)


def steps_score(observations: Sequence[Observation], group: str) -> float | None:
    """10 × share of the group's steps that were found; None when the rubric names none."""
    found = [o.found for o in observations if o.group == group]
    return round(10 * sum(found) / len(found), 1) if found else None


def overall_score(
    estimate: float | None,
    completeness: float | None,
    framework: float | None,
    structure: float | None,
) -> float:
    """Mean of 10 × the estimate and the key points; without an estimate the parts by their
    weights, as far as there are any."""
    if estimate is not None:
        coverage = 10 * min(1.0, max(0.0, estimate))
        return round((coverage + (coverage if completeness is None else completeness)) / 2, 1)
    parts = {"completeness": completeness, "framework": framework, "structure": structure}
    known = {name: value for name, value in parts.items() if value is not None}
    weight = sum(WEIGHTS[name] for name in known)
    return round(sum(WEIGHTS[n] * v for n, v in known.items()) / weight, 1) if weight else 0.0


def strengths(findings: Findings) -> list[str]:
    said = [f"You cover this: {r.title}." for r in findings.key_points if r.level == "met"]
    said += [f"Seen in your answer: {_lower(o.title)}." for o in findings.observations if o.found]
    return said[:MOST_SENTENCES]


def improvements(findings: Findings, rubric: Rubric) -> list[str]:
    """The heaviest gaps first, then the steps that could not be seen."""
    said = []
    for point, result in _by_weight(findings.key_points, rubric):
        if result.level == "denied":
            said.append(_advice("Your text says the opposite of this", point))
        elif result.level == "missed":
            said.append(_advice("Add this", point))
        elif result.level == "partial":
            said.append(_advice("Say more about this", point))
    said += [f"Not seen yet: {_lower(o.title)}." for o in findings.observations if not o.found]
    return [*said[:MOST_SENTENCES], *findings.board_notes[:2]]


def example_point(results: Sequence[PointResult], rubric: Rubric) -> str:
    """The text of the heaviest point that was missed, else of one only partly covered."""
    for level in ("denied", "missed", "partial"):
        for point, result in _by_weight(results, rubric):
            if result.level == level:
                return point.text
    return ""


def verified_quote(text: str, answer: str) -> Quote | None:
    """The quote with its offsets if the answer holds it verbatim, white space and case aside.

    What is kept is the answer's own span, so `answer[start:end] == text` always holds.
    """
    words = text.split()
    if not words:
        return None
    pattern = r"\s+".join(re.escape(word) for word in words)
    match = re.search(pattern, answer, re.IGNORECASE)
    return Quote(match.group(), match.start(), match.end()) if match else None


def _by_weight(
    results: Sequence[PointResult], rubric: Rubric
) -> list[tuple[KeyPoint, PointResult]]:
    both = zip(rubric.key_points, results, strict=True)
    return sorted(both, key=lambda pair: -pair[0].weight)


def _advice(what: str, point: KeyPoint) -> str:
    """What to do and why, as far as the rubric says it."""
    return f"{what}: {point.title}. {point.why}".strip()


def _lower(title: str) -> str:
    return (
        title[:1].lower() + title[1:] if title[1:2].islower() or title.startswith("A ") else title
    )
