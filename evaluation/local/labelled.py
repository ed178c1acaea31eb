"""Agreement with answers whose key points people labelled one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.local.evaluator import evaluate
from evaluation.types import MIN_WORDS, KeyPoint, Level, Rubric, Step, Verdict

QUALITIES = {"strong": "strong", "middling": "partial", "weak": "weak"}
"""What an honest answer was written to be, and the word that it should get."""


@dataclass(frozen=True)
class LabelledAnswer:
    """`levels` are the labels in the rubric's order; "unlabelled" where nobody decided."""

    question: str
    rubric: Rubric
    quality: str
    answer: str
    levels: tuple[str, ...]
    should_be_withheld: bool


def read_labelled(lines: Iterable[str], rubrics: Mapping[str, Any]) -> list[LabelledAnswer]:
    """JSON lines `{slug, quality, answer, levels: {"1:Title": level}, should_be_withheld}`.

    `rubrics` are those that were labelled, by slug, in the bank's fields: a reworked rubric needs
    new labels. ValueError names the line.
    """
    by_slug = {slug: _rubric(data) for slug, data in rubrics.items()}
    answers = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            rubric = by_slug[data["slug"]]
            titles = [f"{n}:{p.title}" for n, p in enumerate(rubric.key_points, start=1)]
            if list(data["levels"]) != titles:
                raise ValueError("the labels are not those of the rubric's key points")
            levels = tuple(data["levels"].values())
            withheld = bool(data["should_be_withheld"])
            quality, answer = str(data["quality"]), str(data["answer"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"line {number}: {type(error).__name__}: {error}") from error
        answers.append(LabelledAnswer(data["slug"], rubric, quality, answer, levels, withheld))
    return answers


def labelled_report(answers: Sequence[LabelledAnswer]) -> dict[str, Any]:
    """Precision and recall of key points on honest answers, denials credited, bands, order."""
    judged = [(one, evaluate(one.rubric, one.answer)) for one in answers]
    scored = [(a, v) for a, v in judged if not a.should_be_withheld and v.status == "succeeded"]
    # "adversarial" answers deny points or get relations wrong; typos and synonyms are honest.
    honest = [(a, v) for a, v in scored if a.quality in QUALITIES]
    written = [(a.question, a.quality, v) for a, v in honest]
    points = [
        (label, p.level) for a, v in honest for label, p in zip(a.levels, v.key_points, strict=True)
    ]
    denied = [
        p
        for a, v in scored
        for label, p in zip(a.levels, v.key_points, strict=True)
        if label == "denied"
    ]
    falsely = [a for a, v in judged if not a.should_be_withheld and v.status == "withheld"]
    return {
        "n": len(answers),
        "met": _agreement(points, ("met",)),
        "met_or_partial": _agreement(points, ("met", "partial")),
        "denied": len(denied),
        "denied_credited": sum(p.level in ("met", "partial") for p in denied),
        "denied_shown_as_such": sum(p.level == "denied" for p in denied),
        "honest": len(honest),
        "bands_exact": sum(v.band == QUALITIES[quality] for _, quality, v in written),
        "order": _order(written),
        "withheld_falsely": len(falsely),
        "not_withheld": sum(a.should_be_withheld and v.status != "withheld" for a, v in judged),
    }


def _agreement(
    points: Sequence[tuple[str, Level]], positive: tuple[str, ...]
) -> dict[str, float | None]:
    given = sum(level in positive for _, level in points)
    wanted = sum(label in positive for label, _ in points)
    both = sum(label in positive and level in positive for label, level in points)
    return {
        "precision": round(both / given, 3) if given else None,
        "recall": round(both / wanted, 3) if wanted else None,
    }


def _order(written: Sequence[tuple[str, str, Verdict]]) -> dict[str, int]:
    """Pairs of answers to one question, of different quality: how many come out in that order."""
    ranked = list(QUALITIES)
    pairs = in_order = 0
    for question, better, verdict in written:
        for other_question, worse, other in written:
            if question == other_question and ranked.index(better) < ranked.index(worse):
                pairs += 1
                in_order += (verdict.overall_score or 0) > (other.overall_score or 0)
    return {"pairs": pairs, "in_order": in_order}


def _rubric(data: Mapping[str, Any]) -> Rubric:
    framework = data.get("framework") or {}
    return Rubric(
        prompt=data["prompt"],
        framework_name=framework.get("name") or "",
        framework_steps=tuple(Step.from_json(step) for step in framework.get("steps") or ()),
        structure_steps=tuple(Step.from_json(step) for step in data.get("structure") or ()),
        key_points=tuple(KeyPoint.from_json(point) for point in data["key_points"]),
        sample_answer=data.get("sample_answer") or "",
        min_words=int(data.get("min_words", MIN_WORDS)),
    )
