"""Staff's marks as files that `evaluate_dataset` reads: the learners' gold set.

No person stands in them: texts of answers, the rubrics they were marked by, scores and levels.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from evaluation.models import StaffMark

QUALITIES = {"strong": "strong", "partial": "middling", "weak": "weak"}
UNLABELLED = "unlabelled"


@dataclass(frozen=True)
class GoldSet:
    """`graded`: a question each with its answers and scores 0–1. `labelled`: an answer each with
    its word and the levels of its key points, by the rubrics in `rubrics`."""

    graded: tuple[dict[str, Any], ...]
    labelled: tuple[dict[str, Any], ...]
    rubrics: dict[str, dict[str, Any]]


def gold_set() -> GoldSet:
    """Every marked answer once. Of several people's marks: the mean of the scores, and the word and
    the levels that most of them gave; a tie is nobody's word."""
    rubrics: dict[str, dict[str, Any]] = {}
    labelled, scores = [], defaultdict(list)
    for marks in _by_answer():
        rubric, answer = marks[0].evaluation.input["rubric"], marks[0].evaluation.answer
        slug = _slug(rubric)
        rubrics[slug] = rubric
        word = _most(mark.word for mark in marks)
        titles = [point["title"] for point in rubric["key_points"]]
        levels = {
            f"{number}:{title}": _most(mark.levels[title] for mark in marks if title in mark.levels)
            or UNLABELLED
            for number, title in enumerate(titles, start=1)
        }
        labelled.append(
            {
                "slug": slug,
                "quality": QUALITIES.get(word, word or "divided"),
                "answer": answer,
                "levels": levels,
                "should_be_withheld": word == StaffMark.Word.UNSCORABLE,
            }
        )
        given = [mark.score for mark in marks if mark.score is not None]
        if given and word != StaffMark.Word.UNSCORABLE:
            scores[slug].append({"answer": answer, "score": round(mean(given) / 10, 3)})
    return GoldSet(
        graded=tuple(_graded(rubrics[slug], answers) for slug, answers in sorted(scores.items())),
        labelled=tuple(labelled),
        rubrics={slug: _as_in_the_bank(rubric) for slug, rubric in sorted(rubrics.items())},
    )


def _by_answer() -> Iterable[list[StaffMark]]:
    groups: dict[int, list[StaffMark]] = defaultdict(list)
    for mark in StaffMark.objects.select_related("evaluation").order_by("evaluation_id", "pk"):
        groups[mark.evaluation_id].append(mark)
    return groups.values()


def _slug(rubric: dict[str, Any]) -> str:
    """Of this wording of the question: a reworked rubric is another."""
    text = json.dumps(rubric, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _most(values: Iterable[str]) -> str:
    """The value that stands most often; "" for none, or for a tie."""
    counted = Counter(values).most_common(2)
    if not counted or (len(counted) == 2 and counted[0][1] == counted[1][1]):
        return ""
    return counted[0][0]


def _graded(rubric: dict[str, Any], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    reference = rubric.get("sample_answer") or "\n".join(p["text"] for p in rubric["key_points"])
    return {
        "question": rubric["prompt"],
        "reference": reference,
        "key_points": rubric["key_points"],
        "min_words": rubric["min_words"],
        "answers": list(answers),
    }


def _as_in_the_bank(rubric: dict[str, Any]) -> dict[str, Any]:
    return {
        "prompt": rubric["prompt"],
        "framework": {"name": rubric["framework_name"], "steps": rubric["framework_steps"]},
        "structure": rubric["structure_steps"],
        "key_points": rubric["key_points"],
        "sample_answer": rubric["sample_answer"],
        "min_words": rubric["min_words"],
    }
