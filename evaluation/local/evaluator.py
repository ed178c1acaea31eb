"""The local rubric check as one call: rubric and answer in, verdict out."""

from __future__ import annotations

from dataclasses import replace

from evaluation.local.coverage import Coverage, measure
from evaluation.local.guards import first_guard
from evaluation.local.points import PointFinder, board_notes, observe
from evaluation.local.reading import Reading
from evaluation.local.vocabulary import Vocabulary
from evaluation.scoring import Findings, verdict_of
from evaluation.types import Diagram, Rubric, Verdict

HONEST = (
    "This estimate checks which rubric points your text touches. "
    "It does not check whether statements are true."
)


def evaluate(
    rubric: Rubric,
    answer: str,
    *,
    diagram: Diagram | None = None,
    vocabulary: Vocabulary | None = None,
) -> Verdict:
    """Judge an answer. Without a vocabulary, idf comes from this rubric's own texts.

    Withheld verdicts carry the guard's code and sentences, and the raw estimate; no scores.
    """
    vocabulary = vocabulary or own_vocabulary(rubric)
    reading = read(rubric, answer)
    estimate = coverage(rubric, reading, vocabulary).estimate
    guard = first_guard(reading, rubric)
    if guard:
        return Verdict(
            status="withheld",
            provider="local",
            estimate=estimate,
            withheld_reason=guard.code,
            statement=guard.statement,
        )
    found = replace(
        findings(rubric, reading, diagram=diagram, vocabulary=vocabulary), estimate=estimate
    )
    return verdict_of(found, rubric, provider="local", statement=HONEST)


def read(rubric: Rubric, answer: str) -> Reading:
    return Reading(text=answer, prompt=rubric.prompt, reference=reference_of(rubric))


def reference_of(rubric: Rubric) -> str:
    """What a full answer says: the sample answer, or the key points where there is none."""
    return rubric.sample_answer or "\n".join(point.text for point in rubric.key_points)


def coverage(rubric: Rubric, reading: Reading, vocabulary: Vocabulary) -> Coverage:
    """The formula on what the learner added to the question; on all of it if that is nothing."""
    return measure(
        reading.own_tokens if reading.has_content_of_its_own else reading.tokens,
        reference=reading.reference,
        prompt=rubric.prompt,
        vocabulary=vocabulary,
    )


def findings(
    rubric: Rubric, reading: Reading, *, diagram: Diagram | None, vocabulary: Vocabulary
) -> Findings:
    """Key points and steps with their quotes."""
    finder = PointFinder(reading, diagram=diagram, vocabulary=vocabulary)
    seen = [
        *observe(rubric.framework_steps, reading, group="framework", vocabulary=vocabulary),
        *observe(rubric.structure_steps, reading, group="structure", vocabulary=vocabulary),
    ]
    return Findings(
        key_points=tuple(finder.result(point) for point in rubric.key_points),
        observations=tuple(seen),
        board_notes=tuple(board_notes(diagram)) if diagram else (),
    )


def own_vocabulary(rubric: Rubric) -> Vocabulary:
    return Vocabulary.of(
        [rubric.prompt, reference_of(rubric), *(p.text for p in rubric.key_points)]
    )
