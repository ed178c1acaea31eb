"""Accepted wordings and cues: word sequences, compared by stem, hyphens ignored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from evaluation.local.text import Token, tokenise

Stems = tuple[str, ...]


@lru_cache(maxsize=8192)
def stems_in_order(phrase: str) -> Stems:
    return tuple(token.stem for token in tokenise(phrase))


def different_wordings(phrases: Iterable[str]) -> list[Stems]:
    """Each wording once; those with the same stems are one."""
    return [stems for stems in dict.fromkeys(map(stems_in_order, phrases)) if stems]


def holds(wanted: Stems, tokens: Sequence[Token]) -> bool:
    """Whether the tokens contain the stems one after the other."""
    if not wanted:
        return False
    first, size = wanted[0], len(wanted)
    return any(
        token.stem == first and tuple(t.stem for t in tokens[at : at + size]) == wanted
        for at, token in enumerate(tokens)
    )
