"""The author's lint (EVALUATION.md, section 1): can this question be judged as it is written?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.local.evaluator import coverage, evaluate, findings, read_author
from evaluation.local.phrases import holds, stems_in_order
from evaluation.local.points import MET, PointFinder
from evaluation.local.text import stems_of, tokenise
from evaluation.local.vocabulary import Vocabulary
from evaluation.types import KeyPoint, Rubric

SAMPLE_SCORES = 0.9
FEWEST_STEMS, FEWEST_FOLLOW_UPS, FEWEST_CHOICES = 3, 2, 3
# Stricter than what meets a point: two points may touch, but not say the same.
OVERLAPS = 0.55
CASES = ("good", "partial", "wrong")


@dataclass(frozen=True)
class Problem:
    """`check` is a machine-readable name, `message` a sentence for the author."""

    check: str
    message: str


def lint_question(
    rubric: Rubric, *, cases: Mapping[str, str] | None, vocabulary: Vocabulary
) -> list[Problem]:
    """Everything that would make the local check unfair on this question. Empty when fine.

    `cases` are the regression answers `good`, `partial` and `wrong`, in that order of score.
    """
    return [
        *_sample(rubric, vocabulary),
        *_points(rubric.key_points, rubric, vocabulary),
        *(
            Problem("cues", f"The step “{step.title}” has no cues.")
            for step in (*rubric.framework_steps, *rubric.structure_steps)
            if not step.cues
        ),
        *_cases(rubric, cases or {}, vocabulary),
        *_teaching(rubric),
    ]


def lint_choices(rubric: Rubric, choices: Sequence[str]) -> list[Problem]:
    """For a question with many right answers: no point may name what the sample answer chose.

    `choices` are the author's list of that, as the sample says it; wordings may name them.
    """
    problems = []
    if len(choices) < FEWEST_CHOICES:
        problems.append(
            Problem("choices", f"The sample's choices are not named, at least {FEWEST_CHOICES}.")
        )
    sample = tokenise(rubric.sample_answer)
    for choice in choices:
        stems = stems_in_order(choice)
        if not holds(stems, sample):
            problems.append(Problem("choices", f"The sample answer does not say “{choice}”."))
        problems += [
            Problem("key_point_choice", f"“{point.title}” names the sample's choice “{choice}”.")
            for point in rubric.key_points
            if holds(stems, tokenise(f"{point.title}. {point.text}"))
        ]
    return problems


def bank_vocabulary(rubrics: Iterable[Rubric]) -> Vocabulary:
    """Idf from the bank's own references and prompts."""
    return Vocabulary.of(
        text for rubric in rubrics for text in (rubric.prompt, rubric.sample_answer)
    )


def _sample(rubric: Rubric, vocabulary: Vocabulary) -> Iterable[Problem]:
    if not rubric.key_points:
        yield Problem("key_points", "There is no key point.")
    if not rubric.sample_answer.strip():
        yield Problem("sample", "There is no sample answer.")
        return
    reading = read_author(rubric, rubric.sample_answer)
    reached = coverage(rubric, reading, vocabulary).estimate
    if reached < SAMPLE_SCORES:
        yield Problem("sample", f"The sample answer scores {reached:.2f}, under {SAMPLE_SCORES}.")
    seen = findings(rubric, reading, diagram=None, vocabulary=vocabulary)
    finder = PointFinder(reading, diagram=None, vocabulary=vocabulary)
    for point, result in zip(rubric.key_points, seen.key_points, strict=True):
        if result.level != "met":
            best = finder.best_coverage(point)
            yield Problem(
                "sample",
                f"The sample answer does not meet “{point.title}” ({best:.2f}, needs {MET}).",
            )


def _points(
    points: Sequence[KeyPoint], rubric: Rubric, vocabulary: Vocabulary
) -> Iterable[Problem]:
    prompt = set(stems_of(rubric.prompt))
    titles = [point.title for point in points]
    for title in {title for title in titles if titles.count(title) > 1}:
        yield Problem("key_points", f"Two key points are called “{title}”.")
    for point in points:
        beyond = set(stems_of(point.text)) - prompt
        if len(beyond) < FEWEST_STEMS:
            yield Problem(
                "key_point_thin",
                f"“{point.title}” has {len(beyond)} content words beyond the prompt, needs "
                f"{FEWEST_STEMS}.",
            )
    for one in points:
        finder = PointFinder(read_author(rubric, one.text), diagram=None, vocabulary=vocabulary)
        for other in points:
            if other is not one and finder.best_coverage(other) >= OVERLAPS:
                yield Problem("key_points_overlap", f"“{one.title}” also meets “{other.title}”.")


def _cases(rubric: Rubric, cases: Mapping[str, str], vocabulary: Vocabulary) -> Iterable[Problem]:
    missing = [name for name in CASES if not (cases.get(name) or "").strip()]
    if missing:
        yield Problem("cases", f"Regression answers are missing: {', '.join(missing)}.")
        return
    verdicts = {name: evaluate(rubric, cases[name], vocabulary=vocabulary) for name in CASES}
    for name in ("good", "partial"):
        if verdicts[name].status == "withheld":
            yield Problem(
                "cases",
                f"The {name} answer is withheld: {verdicts[name].withheld_reason} "
                f"({verdicts[name].statement})",
            )
    scores = {name: verdict.overall_score or 0.0 for name, verdict in verdicts.items()}
    if not scores["good"] > scores["partial"] > scores["wrong"]:
        listed = ", ".join(f"{name} {score}" for name, score in scores.items())
        yield Problem("cases", f"Regression answers are out of order: {listed}.")


def _teaching(rubric: Rubric) -> Iterable[Problem]:
    for point in rubric.key_points:
        if not point.why:
            yield Problem("why", f"“{point.title}” does not say why it matters.")
    if len(rubric.follow_ups) < FEWEST_FOLLOW_UPS:
        yield Problem("follow_ups", f"There are fewer than {FEWEST_FOLLOW_UPS} follow-ups.")
