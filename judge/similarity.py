"""How much of one program stands in another, whatever its names and layout.

Winnowing of hashed token k-grams: Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for
Document Fingerprinting" (SIGMOD 2003), the method of MOSS. Any run of `GRAM + WINDOW - 1` tokens
that two programs share leaves a fingerprint that they share.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, Whitespace

GRAM = 12
"""Tokens in a k-gram: shorter runs are idioms that everybody writes."""
WINDOW = 4
MOST_TOKENS = 20_000
"""Of a program; 64 KB of code have fewer."""
METHOD = 1
"""Grows by one with each change that makes old fingerprints incomparable."""

LEXERS = {"python": "python", "javascript": "javascript", "java": "java", "cpp": "cpp"}
PLACES_TRIED = 16


@dataclass(frozen=True)
class Word:
    """One token as it is compared; `line` counts from 0."""

    text: str
    line: int


@dataclass(frozen=True)
class Match:
    """`length` tokens from `first` in one program are those from `second` in the other."""

    first: int
    second: int
    length: int


def words_of(source: str, language: str) -> list[Word]:
    """Its tokens without comments, white space and what can be renamed: a name is any name, a
    number any number, a text any text."""
    found: list[Word] = []
    line = 0
    for kind, text in _lexer(language).get_tokens(source):
        word = _word(kind, text)
        # A text of several parts, as templates are, is one word.
        if word and not (word == "text" and found and found[-1].text == "text"):
            found.append(Word(word, line))
        line += text.count("\n")
        if len(found) >= MOST_TOKENS:
            break
    return found


def fingerprints(source: str, language: str, *, without: Iterable[str] = ()) -> frozenset[int]:
    """Whole numbers below 2^48; what stands in the texts `without` leaves none."""
    given = {gram for text in without for gram in _grams(_texts(text, language))}
    own = [gram for gram in _grams(_texts(source, language)) if gram not in given]
    return frozenset(_winnowed(own))


def share(first: frozenset[int], second: frozenset[int], *, least: int) -> float:
    """The part of the smaller program that stands in the larger one, 0 to 1; 0 when one has fewer
    than `least` fingerprints: too short to say anything."""
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller >= least else 0.0


def matches(first: Sequence[Word], second: Sequence[Word], *, least: int = GRAM) -> list[Match]:
    """Runs of at least so many equal tokens, each token in one run at most, from the first
    program's beginning; at each place the longest run is taken."""
    texts = [word.text for word in first], [word.text for word in second]
    places: dict[int, list[int]] = {}
    for place, gram in enumerate(_grams(texts[1], least)):
        places.setdefault(gram, []).append(place)
    taken, found, at = [False] * len(second), [], 0
    grams = list(_grams(texts[0], least))
    while at < len(grams):
        runs = [
            Match(at, place, _run_length(texts, at, place, taken))
            for place in places.get(grams[at], ())[:PLACES_TRIED]
        ]
        longest = max(runs, key=lambda run: run.length, default=None)
        if longest is None or longest.length < least:
            at += 1
            continue
        found.append(longest)
        for place in range(longest.second, longest.second + longest.length):
            taken[place] = True
        at += longest.length
    return found


def _run_length(
    texts: tuple[list[str], list[str]], first: int, second: int, taken: list[bool]
) -> int:
    one, other = texts
    length = 0
    while (
        first + length < len(one)
        and second + length < len(other)
        and not taken[second + length]
        and one[first + length] == other[second + length]
    ):
        length += 1
    return length


def _texts(source: str, language: str) -> list[str]:
    return [word.text for word in words_of(source, language)]


def _word(kind: Any, text: str) -> str:
    """Empty for what does not count."""
    if kind in Comment or kind in Whitespace or kind in String.Doc or not text.strip():
        return ""
    if kind in Keyword.Type:
        return "type"
    if kind in Name and kind not in Name.Builtin:
        return "name"
    if kind in Number:
        return "number"
    return "text" if kind in String else text.strip()


def _grams(texts: Sequence[str], size: int = GRAM) -> Iterator[int]:
    for start in range(len(texts) - size + 1):
        joined = "\0".join(texts[start : start + size]).encode(errors="replace")
        yield int.from_bytes(hashlib.blake2b(joined, digest_size=6).digest())


def _winnowed(grams: Sequence[int], window: int = WINDOW) -> Iterator[int]:
    """The smallest of each window."""
    if len(grams) <= window:
        yield from [min(grams)] if grams else []
        return
    smallest: deque[int] = deque()  # places whose grams grow; the first is the smallest in view
    for place, gram in enumerate(grams):
        while smallest and grams[smallest[-1]] >= gram:
            smallest.pop()
        smallest.append(place)
        if smallest[0] <= place - window:
            smallest.popleft()
        if place >= window - 1:
            yield grams[smallest[0]]


@cache
def _lexer(language: str) -> Any:
    return get_lexer_by_name(LEXERS.get(language, "text"), stripnl=False, ensurenl=False)
