"""Key points, steps and the board: which parts of the rubric an answer shows, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from evaluation.local.coverage import TypoIndex, share_found
from evaluation.local.denial import approved, denied, own_denials
from evaluation.local.phrases import (
    are_close,
    different_wordings,
    holds,
    places_of,
    stems_in_order,
    telling_stems,
)
from evaluation.local.reading import Reading
from evaluation.local.text import Sentence, Token, content_stems, stems_of, tokenise
from evaluation.local.vocabulary import Vocabulary
from evaluation.types import Diagram, KeyPoint, Level, Observation, PointResult, Quote, Step

MET, PARTIAL = 0.40, 0.20
LONGEST_WINDOW = 3
# Each accepted wording that occurs reduces what is still missing by this part.
WORDING_CLOSES = 0.4
STEP_WITHOUT_CUES = 0.6
MOST_QUOTES = 3
LEVELS: tuple[Level, ...] = ("missed", "partial", "met")


@dataclass(frozen=True)
class Piece:
    """Something that can show a point: a sentence of the answer, or a thing on the board."""

    tokens: tuple[Token, ...]
    label: str
    sentence: Sentence | None = None
    denied: frozenset[int] = frozenset()
    approved: frozenset[int] = frozenset()

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(content_stems(self.tokens))

    @cached_property
    def places(self) -> dict[str, list[int]]:
        return places_of(self.tokens)

    def affirmed(self, point: KeyPoint) -> Piece:
        """Without the words under a denial, except what the point itself denies."""
        exempt = own_denials(point)
        against = self.approved if exempt is None else self.denied
        if not against:
            return self
        exempt = exempt or frozenset()
        kept = (t for i, t in enumerate(self.tokens) if i not in against or t.stem in exempt)
        return Piece(tuple(kept), self.label, self.sentence)


@dataclass(frozen=True)
class Trace:
    """What one piece shows of one point: terms found, and accepted wordings by their number."""

    piece: Piece
    terms: frozenset[str]
    wordings: frozenset[int]


class PointFinder:
    """Finds one rubric's key points in one answer and its board."""

    def __init__(
        self, reading: Reading, *, diagram: Diagram | None, vocabulary: Vocabulary
    ) -> None:
        self.reading = reading
        self.vocabulary = vocabulary
        text = reading.text
        self.sentences = [
            Piece(
                s.tokens,
                text[s.start : s.end],
                s,
                denied(text, s.tokens),
                approved(text, s.tokens),
            )
            for s in reading.own
        ]
        self.board = board_pieces(diagram) if diagram else []
        self._has_denials = any(piece.denied or piece.approved for piece in self.sentences)
        self._typos = TypoIndex(
            frozenset().union(*(piece.stems for piece in [*self.sentences, *self.board]))
        )
        self._spellings: dict[str, set[str]] = {}
        self._covered: dict[tuple[frozenset[Any], ...], float] = {}

    def result(self, point: KeyPoint) -> PointResult:
        """The level by the best window of up to three sentences, board included, with quotes.

        A point that is found only under a denial is "denied", quoted from there.
        """
        found = self._found(point, [piece.affirmed(point) for piece in self.sentences])
        if found.level == "missed" and self._has_denials:
            said = self._found(point, self.sentences)
            if said.level != "missed":
                return PointResult(point.title, "denied", quotes=said.quotes)
        return found

    def best_coverage(self, point: KeyPoint) -> float:
        """How far the best window of sentences covers the point, 0–1, without the board."""
        wanted = _wanted(point)
        traces = self._traces(self.sentences, point)
        ends = range(1, len(traces) + 1)
        windows = (traces[max(0, end - LONGEST_WINDOW) : end] for end in ends)
        return max((self._coverage(window, wanted) for window in windows), default=0.0)

    def _found(self, point: KeyPoint, pieces: Sequence[Piece]) -> PointResult:
        wanted = _wanted(point)
        # One shared word on a box is no evidence ("Redirect API"): the board needs a wording.
        board = [
            Trace(trace.piece, frozenset(), trace.wordings)
            for trace in self._traces(self.board, point)
            if trace.wordings
        ]
        window = self._best_window(self._traces(pieces, point), wanted, board)
        level = level_of(self._coverage([*window, *board], wanted))
        shown = self._shown(window, wanted)
        if level == "missed" or not (shown or board):
            return PointResult(point.title, "missed")
        return PointResult(
            point.title,
            level,
            quotes=tuple(
                Quote(trace.piece.label, s.start, s.end)
                for trace in shown[:MOST_QUOTES]
                if (s := trace.piece.sentence)
            ),
            board=tuple(trace.piece.label for trace in board),
        )

    def _best_window(
        self, traces: Sequence[Trace], wanted: frozenset[str], board: list[Trace]
    ) -> Sequence[Trace]:
        """Of the windows that reach the best level, the shortest; of those the fullest, then the
        first: the quote is what reaches the level, without its neighbors."""
        best: Sequence[Trace] = []
        rank = (LEVELS.index(level_of(reached := self._coverage(board, wanted))), 0, reached)
        for size in range(1, LONGEST_WINDOW + 1):
            for at in range(len(traces) - size + 1):
                window = traces[at : at + size]
                if not (window[0].terms or window[0].wordings):
                    continue
                covered = self._coverage([*window, *board], wanted)
                better = (LEVELS.index(level_of(covered)), -size, round(covered, 9))
                if better > rank:
                    best, rank = window, better
        return best

    def _coverage(self, traces: Sequence[Trace], wanted: frozenset[str]) -> float:
        """0–1: mean of the plain and the prompt-demoted share, then raised by wordings."""
        found = frozenset().union(*(trace.terms for trace in traces))
        wordings = frozenset().union(*(trace.wordings for trace in traces))
        key = (wanted, found, wordings)
        if key not in self._covered:  # thousands of lines show the same few terms
            beyond = wanted - self.reading.prompt_stems
            plain = share_found(wanted, found, self.vocabulary)
            demoted = share_found(beyond, found, self.vocabulary) if beyond else plain
            closed = (1 - WORDING_CLOSES) ** len(wordings)
            self._covered[key] = 1 - (1 - (plain + demoted) / 2) * closed
        return self._covered[key]

    def _traces(self, pieces: Sequence[Piece], point: KeyPoint) -> list[Trace]:
        spellings = {stem: self._spelled(stem) for stem in _wanted(point)}
        known_at_all = frozenset().union(*spellings.values())
        wordings = different_wordings(point.aliases)
        return [
            Trace(
                piece,
                frozenset(s for s, known in spellings.items() if known & stems),
                frozenset(i for i, w in enumerate(wordings) if self._says(w, piece)),
            )
            for piece in pieces
            for stems in [piece.stems & known_at_all]
        ]

    def _says(self, wording: str, piece: Piece) -> bool:
        """Its telling words close together in any order, typos allowed; a single one as it is."""
        wanted = telling_stems(wording)
        if len(wanted) < 2:
            return holds(stems_in_order(wording), piece.tokens)
        return are_close(wanted, piece.places, {stem: self._spelled(stem) for stem in wanted})

    def _spelled(self, stem: str) -> set[str]:
        """The stem and those of the answer and the board that are one letter from it."""
        if stem not in self._spellings:
            self._spellings[stem] = {stem} | self._typos.of(stem)
        return self._spellings[stem]

    def _shown(self, traces: Sequence[Trace], wanted: frozenset[str]) -> list[Trace]:
        """The sentences that hold a term of the point beyond the prompt, or a wording of it."""
        beyond = (wanted - self.reading.prompt_stems) or wanted
        return [trace for trace in traces if trace.terms & beyond or trace.wordings]


@lru_cache(maxsize=4096)
def _wanted(point: KeyPoint) -> frozenset[str]:
    return frozenset(stems_of(point.text) or stems_of(point.title))


def level_of(coverage: float) -> Level:
    if coverage >= MET:
        return "met"
    return "partial" if coverage >= PARTIAL else "missed"


def observe(
    steps: Sequence[Step], reading: Reading, *, group: str, vocabulary: Vocabulary
) -> list[Observation]:
    """Each step as an observable fact: the first sentence that shows it, quoted, or not found."""
    seen = []
    for step in steps:
        shown = next((s for s in reading.own if _shows_step(step, s, vocabulary)), None)
        quote = (
            Quote(reading.text[shown.start : shown.end], shown.start, shown.end) if shown else None
        )
        seen.append(Observation(group, step.title, quote is not None, quote))  # type: ignore[arg-type]
    return seen


def board_pieces(diagram: Diagram) -> list[Piece]:
    """Arrows as "source → target", boxes and notes by their text."""
    labels = [box for box in diagram.boxes if box.strip()]
    for arrow in diagram.arrows:
        if arrow.source and arrow.target:
            said = f" ({arrow.label})" if arrow.label else ""
            labels.append(f"{arrow.source} → {arrow.target}{said}")
    labels += [note for note in diagram.notes if note.strip()]
    return [Piece(tuple(tokenise(label)), label) for label in labels]


def board_notes(diagram: Diagram) -> list[str]:
    """Why parts of the board cannot be read: boxes without a label, arrows that end nowhere."""
    unlabeled = sum(not box.strip() for box in diagram.boxes)
    dangling = sum(not (arrow.source and arrow.target) for arrow in diagram.arrows)
    said = []
    if unlabeled:
        said.append(f"Your board has {_count(unlabeled, 'box', 'boxes')} without a label.")
    if dangling:
        said.append(f"Your board has {_count(dangling, 'arrow', 'arrows')} not tied to a box.")
    return said


def _shows_step(step: Step, sentence: Sentence, vocabulary: Vocabulary) -> bool:
    if step.cues:
        return any(holds(stems_in_order(cue), sentence.tokens) for cue in step.cues)
    wanted = set(stems_of(step.title))
    return share_found(wanted, set(sentence.stems), vocabulary) >= STEP_WITHOUT_CUES


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
