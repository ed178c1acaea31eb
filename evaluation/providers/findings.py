"""A model's report into findings. A point without a verified quote gets no credit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from evaluation.local.points import MOST_QUOTES, board_notes
from evaluation.local.text import stems_of
from evaluation.providers.errors import BadReply
from evaluation.providers.prompting import Judgment, PointReport, StepReport
from evaluation.scoring import Findings, verified_quote
from evaluation.types import Diagram, KeyPoint, Observation, PointResult, Quote, Rubric, Step

# Text that addresses the grader. It flags an answer; it does not by itself lose a point.
TO_THE_GRADER = re.compile(
    r"""ignore\s+(?:all|any|the|your|previous|prior)|disregard\s+(?:all|the|your|previous|prior)
      |\b(?:dear|note\s+to(?:\s+the)?|attention)\s+(?:grader|evaluator|examiner|assistant|ai|model)\b
      |\b(?:system|developer|assistant)\s*(?:message|prompt|override)?\s*:
      |\bas\s+an?\s+(?:ai|language\s+model)\b|\bfull\s+(?:marks|credit|score)\b
      |\b(?:all|every)\s+key\s+points?\s+(?:are|is|as)\s+(?:met|covered)\b
      |\b(?:mark|grade|score|rate)\s+(?:this|it|me|my\s+answer|everything)\b
      |</?(?:system|instructions?|rubric|learner|answer)\b|"level"\s*:|"overall_score"\s*:
      |\bverdict\b|\bi\s+(?:deserve|should\s+get)\b|\bnew\s+instructions?\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Characters without width, which hide a phrase from the pattern but not from a model.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
SHORTEST_QUOTE_WORDS = 2
# How many words a quote must share with its key point: in an honest answer, in a flagged one.
SHARED, SHARED_IF_SUSPECT = 1, 2
Report = TypeVar("Report", PointReport, StepReport)


def is_to_the_grader(text: str) -> bool:
    return TO_THE_GRADER.search(INVISIBLE.sub("", text)) is not None


def findings_of(
    judgment: Judgment, rubric: Rubric, answer: str, *, diagram: Diagram | None
) -> Findings:
    """Check every quote against the answer. BadReply when a point or step was left out."""
    guarded = judgment.injection_suspected or is_to_the_grader(answer)
    reports = _in_order(judgment.key_points, len(rubric.key_points))
    points = [
        _point(report, point, answer, diagram=diagram, guarded=guarded)
        for report, point in zip(reports, rubric.key_points, strict=True)
    ]
    observations = [
        *_observations(judgment.framework_steps, rubric.framework_steps, "framework", answer),
        *_observations(judgment.structure_steps, rubric.structure_steps, "structure", answer),
    ]
    return Findings(
        key_points=tuple(points),
        observations=tuple(observations),
        board_notes=tuple(board_notes(diagram)) if diagram else (),
    )


def _point(
    report: PointReport,
    point: KeyPoint,
    answer: str,
    *,
    diagram: Diagram | None,
    guarded: bool,
) -> PointResult:
    quotes = [
        quote
        for text in report.quotes
        if (quote := verified_quote(text, answer)) and _may_count(quote, point, guarded=guarded)
    ]
    board: tuple[str, ...] = ()
    if diagram and not quotes and report.level != "denied":
        board = _named_on_board(report.reasoning, diagram, point)
    level = report.level if quotes or board else "missed"
    if level == "missed":
        return PointResult(point.title, "missed", reasoning=report.reasoning)
    return PointResult(point.title, level, tuple(quotes[:MOST_QUOTES]), board, report.reasoning)


def _may_count(quote: Quote, point: KeyPoint, *, guarded: bool) -> bool:
    """No credit for a quote of one or two words, one that addresses the grader, or one that shares
    no word with the point: a model that obeyed the answer must not find support here."""
    if len(quote.text.split()) < SHORTEST_QUOTE_WORDS or is_to_the_grader(quote.text):
        return False
    shared = set(stems_of(quote.text)) & _stems_of_point(point)
    return len(shared) >= (SHARED_IF_SUSPECT if guarded else SHARED)


def _named_on_board(reasoning: str, diagram: Diagram, point: KeyPoint) -> tuple[str, ...]:
    """Labels of the board that the reasoning names word for word and that speak of the point."""
    said = reasoning.casefold()
    labels = dict.fromkeys(label for label in (*diagram.boxes, *diagram.notes) if label.strip())
    named = [label for label in labels if label.casefold() in said and not is_to_the_grader(label)]
    return tuple(label for label in named if set(stems_of(label)) & _stems_of_point(point))


def _stems_of_point(point: KeyPoint) -> set[str]:
    return set(stems_of(" ".join([point.title, point.text, *point.aliases])))


def _observations(
    reports: Sequence[StepReport], steps: Sequence[Step], group: str, answer: str
) -> list[Observation]:
    seen = []
    for report, step in zip(_in_order(reports, len(steps)), steps, strict=True):
        quote = verified_quote(report.quote, answer) if report.found else None
        if quote and is_to_the_grader(quote.text):
            quote = None
        seen.append(Observation(group, step.title, quote is not None, quote))  # type: ignore[arg-type]
    return seen


def _in_order(reports: Sequence[Report], count: int) -> list[Report]:
    by_index: dict[int, Report] = {}
    for report in reports:
        by_index.setdefault(report.index, report)
    if any(index not in by_index for index in range(count)):
        raise BadReply("a key point or step is missing from the reply")
    return [by_index[index] for index in range(count)]
