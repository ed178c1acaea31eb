"""Answers with known marks, judged again to see whether a judge still judges as it did.

A model behind an API changes without notice, and so may a word table here. The marks in
`canaries.json` are people's, for answers so clear that each judge must find them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.providers.errors import ProviderError
from evaluation.scoring import CREDIT
from evaluation.types import Rubric, Verdict

FILE = Path(__file__).with_name("canaries.json")
Judge = Callable[[Rubric, str], Verdict]


@dataclass(frozen=True)
class Canary:
    """`levels` in the order of the rubric's key points; `band` None and no levels when no score is
    due. `needs_model`: only a judge that reads for meaning can see through it."""

    name: str
    rubric: Rubric
    answer: str
    outcome: str
    band: str | None
    levels: tuple[str, ...]
    needs_model: bool = False


@dataclass(frozen=True)
class CanaryResult:
    """`found` in words; `drift` says what differs from the marks, () when nothing does."""

    name: str
    found: str
    drift: tuple[str, ...]


def read_canaries() -> tuple[Canary, ...]:
    data: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    rubrics = {name: Rubric.from_json(rubric) for name, rubric in data["rubrics"].items()}
    return tuple(
        Canary(
            name=one["name"],
            rubric=rubrics[one["rubric"]],
            answer=one["answer"],
            outcome=one["outcome"],
            band=one["band"],
            levels=tuple(one["levels"]),
            needs_model=one.get("needs_model", False),
        )
        for one in data["answers"]
    )


def check_canaries(judge: Judge, *, has_model: bool) -> Iterator[CanaryResult]:
    """Judge each canary; one that could not be judged counts as drifted and says why."""
    for canary in read_canaries():
        if canary.needs_model and not has_model:
            continue
        try:
            verdict = judge(canary.rubric, canary.answer)
        except ProviderError as error:
            reason = f"not judged: {error.code} {error.detail}".strip()
            yield CanaryResult(canary.name, "no verdict", (reason,))
            continue
        score = "" if verdict.overall_score is None else f" {verdict.overall_score:.1f}"
        found = f"{verdict.band or verdict.withheld_reason or verdict.status}{score}"
        yield CanaryResult(canary.name, found, tuple(drift_of(canary, verdict)))


def drift_of(canary: Canary, verdict: Verdict) -> Iterator[str]:
    """The outcome, the word, and each point that is off by a whole credit (met for missed or
    denied, or the reverse). A point in between is a matter of opinion."""
    if verdict.status != canary.outcome:
        yield f"{verdict.status}, marked {canary.outcome}"
        return
    if verdict.band != canary.band:
        yield f"{verdict.band}, marked {canary.band}"
    for result, level in zip(verdict.key_points, canary.levels, strict=False):
        if abs(CREDIT[result.level] - CREDIT[level]) >= 1:
            yield f"“{result.title}” {result.level}, marked {level}"
