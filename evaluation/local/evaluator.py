"""The local rubric check as one call: rubric and answer in, verdict out."""

from __future__ import annotations

from dataclasses import replace

from evaluation.local.coverage import Coverage, measure
from evaluation.local.denial import denied
from evaluation.local.guards import first_guard, is_about_other_things
from evaluation.local.points import PointFinder, board_notes, observe
from evaluation.local.reading import Reading
from evaluation.local.text import content_stems
from evaluation.local.vocabulary import Vocabulary, shipped_vocabulary
from evaluation.scoring import SCORING_VERSION, Findings, verdict_of
from evaluation.types import Diagram, PointResult, Rubric, Verdict

HONEST = (
    "This estimate checks which rubric points your text touches. "
    "It does not check whether statements are true."
)
OTHER_THINGS = (
    "Your answer shares almost no specific words with the question or a full answer, so it is"
    " scored as weak at most. Answer the question that was asked."
)
DENIALS = (
    "Most of your answer denies things, so it is scored as weak at most. Say what you would do."
)
# Of honest answers at most .26 of the telling words stand under a denial, of denials of every
# point at least .51.
MOST_DENIED = 0.45


def evaluate(
    rubric: Rubric,
    answer: str,
    *,
    diagram: Diagram | None = None,
    vocabulary: Vocabulary | None = None,
) -> Verdict:
    """Judge an answer. Without a vocabulary, idf comes from the table that is shipped.

    Withheld verdicts carry the guard's code and sentences, and the raw estimate; no scores.
    """
    vocabulary = vocabulary or shipped_vocabulary()
    reading = read(rubric, answer)
    estimate = coverage(rubric, reading, vocabulary).estimate
    if guard := first_guard(reading, rubric):
        return Verdict(
            status="withheld",
            provider="local",
            estimate=estimate,
            withheld_reason=guard.code,
            statement=guard.statement,
            scoring_version=SCORING_VERSION,
        )
    found = replace(
        findings(rubric, reading, diagram=diagram, vocabulary=vocabulary), estimate=estimate
    )
    if is_about_other_things(reading, rubric, vocabulary):
        found = replace(found, weak_at_most=OTHER_THINGS)
    elif denied_share(reading) > MOST_DENIED:
        found = replace(found, weak_at_most=DENIALS)
    return verdict_of(found, rubric, provider="local", statement=HONEST)


def read(rubric: Rubric, answer: str) -> Reading:
    points = tuple((point.title, point.text) for point in rubric.key_points)
    return Reading(answer, rubric.prompt, reference_of(rubric), points)


def read_author(rubric: Rubric, text: str) -> Reading:
    """A text of the author's, in which words of the key points are no copies."""
    return Reading(text, rubric.prompt, reference_of(rubric))


def copied_spans(rubric: Rubric, answer: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of the sentences that were taken from the rubric and earn nothing."""
    reading = read(rubric, answer)
    return tuple((one.start, one.end) for one in reading.sentences if reading.copies(one))


def points_of_sample(rubric: Rubric) -> tuple[PointResult, ...]:
    """Where the rubric's own sample answer makes each point."""
    reading = read_author(rubric, rubric.sample_answer)
    finder = PointFinder(reading, diagram=None, vocabulary=shipped_vocabulary())
    return tuple(finder.result(point) for point in rubric.key_points)


def denied_share(reading: Reading) -> float:
    """Share of the learner's own telling words that stand under a denial, 0–1."""
    telling = under = 0
    for sentence in reading.own:
        telling += len(sentence.stems)
        under += len(
            content_stems(sentence.tokens[i] for i in denied(reading.text, sentence.tokens))
        )
    return under / telling if telling else 0.0


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
