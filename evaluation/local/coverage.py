"""The coverage formula: how much of a reference an answer touches (EVALUATION.md, section 1).

    coverage = sqrt((cov + cov_demoted + bm25) / 3) * sqrt(min(1, words / (0.5 * expected_words)))

It was chosen by measurement on answers that people graded; `manage.py evaluate_dataset` repeats
the measurement on any graded file.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from evaluation.local.text import Token, content_stems, known_stems, known_tokens
from evaluation.local.vocabulary import Vocabulary

K1, B = 1.2, 0.75
BM25_CAP = 1.5
TYPO_LETTERS = 5


@dataclass(frozen=True)
class Coverage:
    """The formula's parts; `estimate` is 0–1."""

    estimate: float
    share: float
    share_beyond_prompt: float
    bm25: float
    length_gate: float


def measure(
    answer: Iterable[Token], *, reference: str, prompt: str, vocabulary: Vocabulary
) -> Coverage:
    """Coverage of the reference by the answer's tokens. Length can only lower it."""
    tokens = list(answer)
    wanted_tokens = known_tokens(reference)
    wanted = content_stems(wanted_tokens)
    given = content_stems(tokens)
    prompt_stems = known_stems(prompt)
    plain = share_found(set(wanted), set(given), vocabulary)
    beyond = set(wanted) - prompt_stems
    demoted = share_found(beyond, set(given), vocabulary, typos=True) if beyond else plain
    # BM25 of the reference as query against the answer, over its value on the reference.
    best = _bm25(wanted, wanted, vocabulary)
    rank = min(BM25_CAP, _bm25(wanted, given, vocabulary) / best) if best else 0.0
    gate = math.sqrt(min(1.0, len(tokens) / max(1.0, 0.5 * len(wanted_tokens))))
    estimate = min(1.0, math.sqrt((plain + demoted + rank) / 3) * gate)
    return Coverage(estimate, plain, demoted, rank, gate)


def share_found(
    wanted: Collection[str], given: Collection[str], vocabulary: Vocabulary, *, typos: bool = False
) -> float:
    """Idf-weighted share of the wanted stems that the answer holds, 0–1."""
    total = found = 0.0
    similar = TypoIndex(given) if typos else None
    for stem in wanted:
        weight = vocabulary.idf(stem)
        total += weight
        if stem in given or (similar and similar.of(stem)):
            found += weight
    return found / total if total else 0.0


class TypoIndex:
    """Finds stems one edit apart by symmetric deletion (SymSpell): both share a form without one
    letter, or one is that form of the other."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._by_deletion: dict[str, list[str]] = defaultdict(list)
        for stem in stems:
            for deletion in _deletions(stem) if _can_be_mistyped(stem) else ():
                self._by_deletion[deletion].append(stem)

    def of(self, stem: str) -> set[str]:
        deletions = _deletions(stem) if _can_be_mistyped(stem) else ()
        found = {other for form in deletions for other in self._by_deletion.get(form, ())}
        return {other for other in found if differs_by_a_typo(stem, other)}


def _can_be_mistyped(stem: str) -> bool:
    return len(stem) >= TYPO_LETTERS and stem.isalpha()


def _deletions(stem: str) -> set[str]:
    return {stem, *(stem[:at] + stem[at + 1 :] for at in range(len(stem)))}


def differs_by_a_typo(stem: str, other: str) -> bool:
    """Whether two words of five letters or more are one edit apart."""
    return (
        len(stem) >= TYPO_LETTERS
        and len(other) >= TYPO_LETTERS
        and abs(len(stem) - len(other)) <= 1
        and stem.isalpha()
        and other.isalpha()
        and is_one_edit(stem, other)
    )


def is_one_edit(a: str, b: str) -> bool:
    """One letter added, dropped or changed, or two neighbors swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i, letter in enumerate(a) if letter != b[i]), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (
        a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    )


def _bm25(wanted: list[str], given: list[str], vocabulary: Vocabulary) -> float:
    query, document = Counter(wanted), Counter(given)
    norm = K1 * (1 - B + B * len(given) / max(1, len(wanted)))
    return sum(
        vocabulary.idf(stem) * document[stem] * (K1 + 1) / (document[stem] + norm)
        for stem in query
        if stem in document
    )
