"""One parse of an answer: what is prose, what is code, and what only repeats the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from evaluation.local.text import (
    Sentence,
    Token,
    content_stems,
    known_runs,
    known_stems,
    known_tokens,
    runs,
    sentences,
    stems_of,
    tokenise,
)

FENCED = re.compile(r"(```|~~~).*?(\1|\Z)", re.DOTALL)
# A line of a program or a data file.
CODE_LINE = re.compile(
    r"""^\s*(?:[{}\]]|<[/a-zA-Z!]|//|\#include|(?:def|class|import|return|func|function|const|let|var
        |public|private|SELECT|INSERT|CREATE|UPDATE)\b.*[(){};=*]|"\w+"\s*:)""",
    re.VERBOSE,
)
BLOB = re.compile(r"[A-Za-z0-9+/=_-]{40,}")
RESTATED, IN_ORDER = 0.8, 0.45
# A sentence is a copy when over half of its runs of this many words stand in a key point.
COPY_RUN, SHORTEST_COPY = 7, 5
COPIED_RUNS = COPIED_TITLES = 0.5
SHORTEST_TITLE = 2
# Words about the task itself, as in "the question is:".
TALK = frozenset(stems_of("question asked answer task prompt repeat restate following"))


@dataclass(frozen=True)
class Reading:
    """The answer's sentences with spans into `text`, without code blocks.

    `points` are (title, text) of the rubric's key points: the learner reads them in the feedback,
    so saying them word for word is no saying of one's own.
    """

    text: str
    prompt: str
    reference: str
    points: tuple[tuple[str, str], ...] = ()

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenise(self.text)

    @cached_property
    def prose(self) -> list[Sentence]:
        """Sentences outside code and number blocks."""
        return sentences(blank_out(self.text, numbers=True))

    @cached_property
    def code_share(self) -> float:
        """Share of the visible characters that stand in code blocks, code lines or blobs."""
        visible = len("".join(self.text.split()))
        left = len("".join(blank_out(self.text).split()))
        return 1 - left / visible if visible else 0.0

    @cached_property
    def prompt_stems(self) -> frozenset[str]:
        return known_stems(self.prompt)

    @cached_property
    def prompt_words(self) -> frozenset[str]:
        """Stems of all the prompt's words, small ones too."""
        return frozenset(token.stem for token in known_tokens(self.prompt))

    @cached_property
    def prompt_order(self) -> frozenset[tuple[str, str]]:
        return _pairs(known_tokens(self.prompt))

    @cached_property
    def reference_stems(self) -> frozenset[str]:
        """Terms of the reference that do not occur in the question."""
        return known_stems(self.reference) - self.prompt_stems

    @cached_property
    def sentences(self) -> list[Sentence]:
        return sentences(self.text)

    @cached_property
    def own(self) -> list[Sentence]:
        """Sentences of the learner's own, which repeat neither the question nor a key point."""
        return [s for s in self.sentences if not self.restates(s) and not self.copies(s)]

    @cached_property
    def own_tokens(self) -> list[Token]:
        return [token for sentence in self.own for token in sentence.tokens]

    @cached_property
    def has_content_of_its_own(self) -> bool:
        return bool(set(content_stems(self.own_tokens)) - self.prompt_stems - TALK)

    def restates(self, sentence: Sentence) -> bool:
        """At least 80 % of its words are the prompt's, many in the prompt's order, none is a term
        of the reference. The order tells a repeated question from an answer that must use its
        words ("the diameter shrinks by factor 10")."""
        stems = sentence.stems
        if not stems or self.reference_stems & set(stems):
            return False
        repeated = sum(t.stem in self.prompt_words or t.stem in TALK for t in sentence.tokens)
        if repeated / len(sentence.tokens) < RESTATED:
            return False
        order = _pairs(sentence.tokens)
        return not order or len(order & self.prompt_order) >= IN_ORDER * len(order)

    def copies(self, sentence: Sentence) -> bool:
        """Taken from a key point's text, or hardly more than titles of key points."""
        words = [token.text for token in sentence.tokens]
        size = min(COPY_RUN, len(words))
        if size >= SHORTEST_COPY:
            own = runs(words, size)
            texts = [known_runs(text, size) for _, text in self.points]
            if len(own & frozenset().union(*texts)) > COPIED_RUNS * len(own):
                return True
        return self._announces(sentence)

    def _announces(self, sentence: Sentence) -> bool:
        """Over half of its telling words stand in titles that it holds whole."""
        stems = [token.stem for token in sentence.tokens]
        taken: set[int] = set()
        for title, _ in self.points:
            wanted = [token.stem for token in known_tokens(title)]
            size = len(wanted)
            if size >= SHORTEST_TITLE:
                for at in range(len(stems) - size + 1):
                    if stems[at : at + size] == wanted:
                        taken.update(range(at, at + size))
        telling = [i for i, t in enumerate(sentence.tokens) if not t.is_function_word]
        titles = sum(i in taken for i in telling)
        return titles > COPIED_TITLES * len(telling)


def blank_out(text: str, *, numbers: bool = False) -> str:
    """Blanks instead of fenced blocks, code lines, blobs and (asked for) lines of numbers."""
    for pattern in (FENCED, BLOB):
        text = pattern.sub(lambda match: _blank(match.group()), text)
    return "".join(
        _blank(line) if _is_code(line) or (numbers and _is_numbers(line)) else line
        for line in text.splitlines(keepends=True)
    )


def _pairs(tokens: Sequence[Token]) -> frozenset[tuple[str, str]]:
    stems = [token.stem for token in tokens]
    return frozenset(zip(stems, stems[1:], strict=False))


def _blank(piece: str) -> str:
    return "".join("\n" if letter == "\n" else " " for letter in piece)


def _is_code(line: str) -> bool:
    """By its beginning, or by an end as in `x = f(y);` or `while (x) {`. No pattern looks for the
    end: one would try it from each `=` of a line of thousands."""
    end = line.rstrip()
    ends_statement = end.endswith(";") and ("=" in end or "(" in end)
    return end.endswith("{") or ends_statement or CODE_LINE.match(line) is not None


def _is_numbers(line: str) -> bool:
    marks = [letter for letter in line if not letter.isspace()]
    return len(marks) > 5 and sum(letter.isalpha() for letter in marks) < 0.35 * len(marks)
