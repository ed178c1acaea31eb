"""Key points, steps and the board: what of the rubric can be seen, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.local.coverage import has_near_twin, share_found
from evaluation.local.phrases import count_found, find
from evaluation.local.reading import Reading
from evaluation.local.text import Sentence, Token, stems_of, tokenise
from evaluation.local.vocabulary import Vocabulary
from evaluation.types import Diagram, KeyPoint, Level, Observation, PointResult, Quote, Step

MET, PARTIAL = 0.55, 0.30
LONGEST_WINDOW = 3
# Each accepted wording that occurs closes this part of what is still open.
WORDING_CLOSES = 0.4
STEP_WITHOUT_CUES = 0.6
MOST_QUOTES = 3


@dataclass(frozen=True)
class Piece:
    """Something that can show a point: a sentence of the answer, or a thing on the board."""

    tokens: tuple[Token, ...]
    label: str
    sentence: Sentence | None = None


class PointFinder:
    """Finds one rubric's key points in one answer and its board."""

    def __init__(
        self, reading: Reading, *, diagram: Diagram | None, vocabulary: Vocabulary
    ) -> None:
        self.reading = reading
        self.vocabulary = vocabulary
        self.sentences = [Piece(s.tokens, reading.text[s.start : s.end], s) for s in reading.own]
        self.board = board_pieces(diagram) if diagram else []
        self._stems = {
            id(piece): {token.stem for token in piece.tokens if not token.is_function_word}
            for piece in [*self.sentences, *self.board]
        }

    def result(self, point: KeyPoint) -> PointResult:
        """The level by the best window of up to three sentences, board included, with quotes."""
        wanted = self._wanted(point)
        board = [piece for piece in self.board if self._shows(piece, wanted, point)]
        window = max(
            self._windows(),
            key=lambda w: (round(self.coverage([*w, *board], wanted, point), 6), -len(w)),
            default=[],
        )
        level = level_of(self.coverage([*window, *board], wanted, point))
        shown = [piece for piece in window if self._shows(piece, wanted, point)]
        if level == "missed" or not (shown or board):
            return PointResult(point.title, "missed")
        return PointResult(
            point.title,
            level,
            quotes=tuple(_quote(piece) for piece in shown[:MOST_QUOTES]),
            board=tuple(piece.label for piece in board),
        )

    def best_coverage(self, point: KeyPoint) -> float:
        """How far the best window of sentences covers the point, 0–1, without the board."""
        wanted = self._wanted(point)
        return max((self.coverage(w, wanted, point) for w in self._windows()), default=0.0)

    def coverage(self, pieces: Sequence[Piece], wanted: set[str], point: KeyPoint) -> float:
        """0–1: mean of the plain and the prompt-demoted share, then closed in by wordings."""
        given = set().union(*(self._stems[id(piece)] for piece in pieces)) if pieces else set()
        beyond = wanted - self.reading.prompt_stems
        plain = share_found(wanted, given, self.vocabulary, typos=True)
        demoted = share_found(beyond, given, self.vocabulary, typos=True) if beyond else plain
        tokens = [token for piece in pieces for token in piece.tokens]
        open_part = (1 - WORDING_CLOSES) ** count_found(point.aliases, tokens)
        return 1 - (1 - (plain + demoted) / 2) * open_part

    def _wanted(self, point: KeyPoint) -> set[str]:
        return set(stems_of(point.text) or stems_of(point.title))

    def _shows(self, piece: Piece, wanted: set[str], point: KeyPoint) -> bool:
        """Whether the piece holds a term of the point beyond the prompt, or a wording of it."""
        beyond = (wanted - self.reading.prompt_stems) or wanted
        stems = self._stems[id(piece)]
        if beyond & stems or any(has_near_twin(stem, stems) for stem in beyond):
            return True
        return count_found(point.aliases, piece.tokens) > 0

    def _windows(self) -> list[list[Piece]]:
        count = len(self.sentences)
        return [
            self.sentences[at : at + size]
            for size in range(1, LONGEST_WINDOW + 1)
            for at in range(count - size + 1)
        ]


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
            _quote(Piece(shown.tokens, reading.text[shown.start : shown.end], shown))
            if shown
            else None
        )
        seen.append(Observation(group, step.title, quote is not None, quote))  # type: ignore[arg-type]
    return seen


def board_pieces(diagram: Diagram) -> list[Piece]:
    """Arrows as "source → target", boxes and notes by their words."""
    labels = [box for box in diagram.boxes if box.strip()]
    for arrow in diagram.arrows:
        if arrow.source and arrow.target:
            said = f" ({arrow.label})" if arrow.label else ""
            labels.append(f"{arrow.source} → {arrow.target}{said}")
    labels += [note for note in diagram.notes if note.strip()]
    return [Piece(tuple(tokenise(label)), label) for label in labels]


def board_notes(diagram: Diagram) -> list[str]:
    """What keeps the board from being read: boxes without a label, arrows that hang in the air."""
    unlabelled = sum(not box.strip() for box in diagram.boxes)
    dangling = sum(not (arrow.source and arrow.target) for arrow in diagram.arrows)
    said = []
    if unlabelled:
        said.append(f"Your board has {_count(unlabelled, 'box', 'boxes')} without a label.")
    if dangling:
        said.append(f"Your board has {_count(dangling, 'arrow', 'arrows')} not tied to a box.")
    return said


def _shows_step(step: Step, sentence: Sentence, vocabulary: Vocabulary) -> bool:
    if step.cues:
        return any(find(cue, sentence.tokens) is not None for cue in step.cues)
    wanted = set(stems_of(step.title))
    return share_found(wanted, set(sentence.stems), vocabulary) >= STEP_WITHOUT_CUES


def _quote(piece: Piece) -> Quote:
    sentence = piece.sentence
    return Quote(piece.label, sentence.start, sentence.end)  # type: ignore[union-attr]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
