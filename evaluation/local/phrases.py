"""Finding accepted wordings and cues: word sequences, compared by stem, hyphens ignored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluation.local.text import Token, tokenise


def stems_in_order(phrase: str) -> tuple[str, ...]:
    return tuple(token.stem for token in tokenise(phrase))


def find(phrase: str, tokens: Sequence[Token]) -> int | None:
    """Index of the first token of the phrase within the tokens, None when it is not there."""
    wanted = stems_in_order(phrase)
    if not wanted:
        return None
    for at in range(len(tokens) - len(wanted) + 1):
        if all(tokens[at + i].stem == stem for i, stem in enumerate(wanted)):
            return at
    return None


def count_found(phrases: Iterable[str], tokens: Sequence[Token]) -> int:
    """How many different phrases occur; wordings with the same stems count once."""
    different = {stems_in_order(phrase): phrase for phrase in phrases}
    return sum(find(phrase, tokens) is not None for phrase in different.values())
