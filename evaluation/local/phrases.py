"""Accepted wordings and cues: word sequences, compared by stem, hyphens ignored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from evaluation.local.text import Token, content_stems, tokenise

Stems = tuple[str, ...]
# A wording in other order may hold this many telling words of other things.
SLACK = 2


@lru_cache(maxsize=8192)
def stems_in_order(phrase: str) -> Stems:
    return tuple(token.stem for token in tokenise(phrase))


@lru_cache(maxsize=8192)
def telling_stems(phrase: str) -> Stems:
    """The wording's content stems, each once."""
    return tuple(dict.fromkeys(content_stems(tokenise(phrase))))


@lru_cache(maxsize=4096)
def different_wordings(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Each wording once; those with the same telling stems are one."""
    by_stems = {telling_stems(p) or stems_in_order(p): p for p in reversed(phrases)}
    return tuple(phrase for stems, phrase in by_stems.items() if stems)


def holds(wanted: Stems, tokens: Sequence[Token]) -> bool:
    """Whether the tokens contain the stems one after the other."""
    if not wanted:
        return False
    first, size = wanted[0], len(wanted)
    return any(
        token.stem == first and tuple(t.stem for t in tokens[at : at + size]) == wanted
        for at, token in enumerate(tokens)
    )


def places_of(tokens: Iterable[Token]) -> dict[str, list[int]]:
    """Each telling stem with its places, counted in telling words."""
    places: dict[str, list[int]] = {}
    for at, stem in enumerate(content_stems(tokens)):
        places.setdefault(stem, []).append(at)
    return places


def are_close(
    wanted: Stems, places: Mapping[str, list[int]], spellings: Mapping[str, Collection[str]]
) -> bool:
    """Whether all wanted stems occur in any order within their number and SLACK telling words.

    `spellings[stem]` are the stems that count as it, itself included.
    """
    hits = [
        (at, stem)
        for stem in wanted
        for spelled in spellings[stem]
        for at in places.get(spelled, ())
    ]
    last: dict[str, int] = {}
    for at, stem in sorted(hits):
        last[stem] = at
        if len(last) == len(wanted) and at - min(last.values()) < len(wanted) + SLACK:
            return True
    return False
