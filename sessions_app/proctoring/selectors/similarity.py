"""Pairs of similar answers for staff: who, how much, and both texts aligned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet

from judge.similarity import Word, matches, words_of
from sessions_app.proctoring.models import ProctoredSession, SimilarPair

MOST_WORDS = 6000


@dataclass(frozen=True)
class Part:
    """Consecutive lines of one text; `number` is that of the run they share, 0 for none."""

    number: int
    begin: int  # of the first line, from 1
    lines: tuple[str, ...]


@dataclass(frozen=True)
class AlignedRow:
    """What stands beside each other; either side may be missing."""

    number: int
    left: Part | None
    right: Part | None


def all_pairs() -> QuerySet[SimilarPair]:
    return SimilarPair.objects.select_related(
        "first__question", "first__session__candidate", "second__session__candidate"
    )


def current_pairs() -> QuerySet[SimilarPair]:
    """Of answers that count still."""
    both = Q(first__run__session_run__counts=True, second__run__session_run__counts=True)
    return all_pairs().filter(both)


def pairs_of(session: ProctoredSession) -> list[SimilarPair]:
    """Those of one test, most in common first."""
    return list(current_pairs().filter(Q(first__session=session) | Q(second__session=session)))


def aligned(pair: SimilarPair) -> list[AlignedRow]:
    """Both texts in full, in the order of the first; moved parts of the second stand beside what
    they are equal to."""
    left, right = _parts(pair)
    rows, shown, at = [], set(), 0
    places = {part.number: place for place, part in reversed(list(enumerate(right)))}
    for part in left:
        place = places.get(part.number) if part.number else None
        if place is None or place in shown:
            rows.append(AlignedRow(0, part, None))
            continue
        # Before it, what comes before it in the second text and is equal to nothing.
        before = [n for n in range(place) if not right[n].number and n not in shown and n >= at]
        rows += [AlignedRow(0, None, right[n]) for n in before]
        rows.append(AlignedRow(part.number, part, right[place]))
        shown |= {place, *before}
        at = place
    rest = [part for place, part in enumerate(right) if place not in shown]
    return rows + [AlignedRow(0, None, part) for part in rest]


def _parts(pair: SimilarPair) -> tuple[list[Part], list[Part]]:
    language = pair.first.language
    sources = pair.first.run.source, pair.second.run.source
    one, two = (words_of(source, language)[:MOST_WORDS] for source in sources)
    first, second = [0] * len(one), [0] * len(two)
    for number, match in enumerate(matches(one, two), start=1):
        first[match.first : match.first + match.length] = [number] * match.length
        second[match.second : match.second + match.length] = [number] * match.length
    left, right = _lines(sources[0], one, first), _lines(sources[1], two, second)
    return list(left), list(right)


def _lines(source: str, words: list[Word], numbers: list[int]) -> Iterator[Part]:
    """A line belongs to the run that most of its words are in."""
    lines = source.split("\n")
    of_line: list[list[int]] = [[] for _ in lines]
    for word, number in zip(words, numbers, strict=True):
        of_line[min(word.line, len(lines) - 1)].append(number)
    # A blank line goes with the line above it.
    belongs, last = [], 0
    for found in of_line:
        last = max(set(found), key=found.count) if found else last
        belongs.append(last)
    for number, group in groupby(enumerate(lines), key=lambda pair: belongs[pair[0]]):
        together = list(group)
        yield Part(number, together[0][0] + 1, tuple(line for _, line in together))
