"""Words, stems and sentences, each with its place in the text it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import snowballstemmer

LONGEST_WORD = 40
DATA = Path(__file__).parent / "data"
WORD = re.compile(r"[^\W_]+(?:['’´`][^\W_]+)*")
# A sentence ends at . ! ? before white space (not after "e.g." and the like), or at a line break.
SENTENCE_END = re.compile(
    r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\betc\.)(?<=[.!?…])[\"'”’)\]]*\s+|\n\s*"
)

FUNCTION_WORDS = frozenset((DATA / "function_words.txt").read_text("utf-8").split())

_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Token:
    """A word: `text` in lower case, its stem, and its span in the source."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def is_function_word(self) -> bool:
        return self.text in FUNCTION_WORDS


@dataclass(frozen=True)
class Sentence:
    """A stretch of the source with its tokens; `start` and `end` exclude outer white space."""

    start: int
    end: int
    tokens: tuple[Token, ...]

    @property
    def stems(self) -> list[str]:
        return content_stems(self.tokens)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    # Words longer than this are cut: a run of letters without end would only cost time.
    return _stemmer.stemWord(word) if len(word) <= LONGEST_WORD else word[:LONGEST_WORD]


def tokenise(text: str) -> list[Token]:
    """Every word of the text, in order, curly apostrophes made straight."""
    tokens = []
    for match in WORD.finditer(text):
        word = match.group().lower().replace("’", "'").replace("´", "'").replace("`", "'")
        tokens.append(Token(word, stem(word), match.start(), match.end()))
    return tokens


def content_stems(tokens: Iterable[Token]) -> list[str]:
    """Stems of the words that carry meaning, repeated as often as they occur."""
    return [token.stem for token in tokens if not token.is_function_word]


def stems_of(text: str) -> list[str]:
    return content_stems(tokenise(text))


@lru_cache(maxsize=1024)
def known_tokens(text: str) -> tuple[Token, ...]:
    """The same, cached: for a prompt or a reference, which comes back with every answer."""
    return tuple(tokenise(text))


@lru_cache(maxsize=1024)
def known_stems(text: str) -> frozenset[str]:
    return frozenset(content_stems(known_tokens(text)))


def sentences(text: str) -> list[Sentence]:
    """Sentences and list lines that hold at least one word."""
    found, begin = [], 0
    ends = [(m.start(), m.end()) for m in SENTENCE_END.finditer(text)]
    for stop, following in [*ends, (len(text), len(text))]:
        piece = text[begin:stop]
        start = begin + len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        tokens = tuple(
            Token(t.text, t.stem, t.start + start, t.end + start) for t in tokenise(text[start:end])
        )
        if tokens:
            found.append(Sentence(start, end, tokens))
        begin = following
    return found


def runs(words: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    """All runs of `size` words that follow one another."""
    return frozenset(zip(*(words[i:] for i in range(size)), strict=False))


@lru_cache(maxsize=1024)
def known_runs(text: str, size: int) -> frozenset[tuple[str, ...]]:
    """The same, cached: for a rubric's texts."""
    return runs([token.text for token in known_tokens(text)], size)
