"""Agreement of the local check with people: correlations on a graded file."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.local.evaluator import evaluate
from evaluation.local.vocabulary import Vocabulary
from evaluation.types import KeyPoint, Rubric


@dataclass(frozen=True)
class GradedQuestion:
    """A question with answers that people graded, scores 0–1."""

    rubric: Rubric
    answers: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Judged:
    question: int
    estimate: float
    score: float
    withheld_reason: str
    seconds: float


def read_graded(lines: Iterable[str]) -> list[GradedQuestion]:
    """JSON lines `{question, reference, answers: [{answer, score}]}`; ValueError names the line.

    Optional: `min_words` (else the length guard is off) and `key_points` as in the bank.
    """
    questions = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            rubric = Rubric(
                prompt=str(data["question"]),
                sample_answer=str(data["reference"]),
                key_points=tuple(KeyPoint.from_json(p) for p in data.get("key_points") or ()),
                min_words=int(data.get("min_words") or 0),
            )
            answers = tuple((str(a["answer"]), float(a["score"])) for a in data["answers"])
            questions.append(GradedQuestion(rubric, answers))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"line {number}: {type(error).__name__}: {error}") from error
    return questions


def judge_all(questions: Sequence[GradedQuestion]) -> list[Judged]:
    """Judge every answer, idf taken from the file's own references and questions."""
    vocabulary = Vocabulary.of(
        text for q in questions for text in (q.rubric.prompt, q.rubric.sample_answer)
    )
    judged = []
    for index, question in enumerate(questions):
        for text, score in question.answers:
            start = time.thread_time()  # CPU time, which does not depend on the load of the machine
            verdict = evaluate(question.rubric, text, vocabulary=vocabulary)
            seconds = time.thread_time() - start
            judged.append(
                Judged(index, verdict.estimate or 0.0, score, verdict.withheld_reason, seconds)
            )
    return judged


def report(judged: Sequence[Judged]) -> dict[str, Any]:
    """The numbers of `manage.py evaluate_dataset`; a correlation that has no value is None.

    Correlations use the raw estimate of every answer, withheld or not.
    """
    estimates = [one.estimate for one in judged]
    scores = [one.score for one in judged]
    squares = [(one.estimate - one.score) ** 2 for one in judged]
    seconds = sorted(one.seconds for one in judged)
    return {
        "n": len(judged),
        "pearson": pearson(estimates, scores),
        "spearman": pearson(ranks(estimates), ranks(scores)),
        "within_question_r": within_question(judged),
        "rmse": round(math.sqrt(sum(squares) / len(squares)), 4) if squares else None,
        "withheld": sum(bool(one.withheld_reason) for one in judged),
        "latency_ms": {"p50": _percentile(seconds, 0.5), "p95": _percentile(seconds, 0.95)},
    }


def pearson(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    if len(xs) < 2:
        return None
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    both = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    spread = math.sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))
    return round(both / spread, 4) if spread > 1e-12 else None


def ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1, ties sharing their mean rank."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    ranked = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in range(start, end + 1):
            ranked[order[place]] = (start + end) / 2 + 1
        start = end + 1
    return ranked


def within_question(judged: Sequence[Judged]) -> float | None:
    """Correlation after subtracting each question's means, so that its difficulty drops out."""
    by_question: dict[int, list[Judged]] = {}
    for one in judged:
        by_question.setdefault(one.question, []).append(one)
    xs, ys = [], []
    for group in by_question.values():
        mean_x = sum(one.estimate for one in group) / len(group)
        mean_y = sum(one.score for one in group) / len(group)
        xs += [one.estimate - mean_x for one in group]
        ys += [one.score - mean_y for one in group]
    return pearson(xs, ys)


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """Milliseconds, nearest rank."""
    if not ordered:
        return None
    return round(1000 * ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)], 3)
