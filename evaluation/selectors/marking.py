"""What a marker is shown: the next answer, without its verdict; and after saving, both together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from evaluation.models import Evaluation, StaffMark
from evaluation.types import Diagram

if TYPE_CHECKING:
    from accounts.models import User

NEWEST = 2000
"""So many of the newest unmarked answers are looked at for the next one."""
UNSCORED_WORDS = {"withheld": StaffMark.Word.UNSCORABLE.label}
LEVEL_WORDS = {"met": "met", "partial": "partly", "missed": "missing", "denied": "denied"}


@dataclass(frozen=True)
class PointToMark:
    number: int
    title: str
    text: str


@dataclass(frozen=True)
class AnswerToMark:
    """Nothing of the verdict, nothing of the person. `board`: lines of what it shows."""

    evaluation_id: int
    prompt: str
    answer: str
    board: tuple[str, ...]
    points: tuple[PointToMark, ...]


@dataclass(frozen=True)
class PointBeside:
    """`marked` and `judged` are words; "" where the marker left it open, or nothing was judged."""

    title: str
    marked: str
    judged: str

    @property
    def agree(self) -> bool | None:
        return self.marked == self.judged if self.marked and self.judged else None


@dataclass(frozen=True)
class MarkBeside:
    """A mark beside the verdict of the same answer."""

    answer: AnswerToMark
    word: str
    score: float | None
    judge: str
    judged_word: str
    judged_score: float | None
    points: tuple[PointBeside, ...]
    wordings: tuple[tuple[str, str], ...]

    @property
    def same_word(self) -> bool:
        return self.word == self.judged_word


def next_to_mark(marker: User) -> Evaluation | None:
    """Of the question with the fewest marks, the newest answer that nobody, or few, have marked."""
    rows = Evaluation.objects.to_be_marked_by(marker).order_by("-pk")
    newest = list(rows.values_list("pk", "question_key")[:NEWEST])
    if not newest:
        return None
    marked: Counter[Any] = Counter(
        StaffMark.objects.values_list("evaluation__question_key", flat=True)
    )
    key = min({key for _, key in newest}, key=lambda key: (marked[key], key))
    chosen = [pk for pk, of in newest if of == key]
    by_marks = Evaluation.objects.filter(pk__in=chosen).annotate(markers=Count("marks"))
    return by_marks.order_by("markers", "-pk").first()


def answer_to_mark(evaluation: Evaluation) -> AnswerToMark:
    rubric, board = evaluation.input["rubric"], evaluation.input.get("diagram")
    return AnswerToMark(
        evaluation_id=evaluation.pk,
        prompt=rubric["prompt"],
        answer=evaluation.answer,
        board=_lines(Diagram.from_json(board)) if board else (),
        points=tuple(
            PointToMark(number, point["title"], point["text"])
            for number, point in enumerate(rubric["key_points"], start=1)
        ),
    )


def mark_beside(mark: StaffMark) -> MarkBeside:
    """The mark with the verdict as it is now."""
    evaluation, answer = mark.evaluation, answer_to_mark(mark.evaluation)
    judged = {point["title"]: point["level"] for point in evaluation.key_points}
    scored = evaluation.status == Evaluation.Status.SUCCEEDED
    return MarkBeside(
        answer=answer,
        word=mark.get_word_display(),
        score=mark.score,
        judge=evaluation.judge_words,
        judged_word=evaluation.band if scored else UNSCORED_WORDS.get(evaluation.status, "–"),
        judged_score=evaluation.overall_score,
        points=tuple(
            PointBeside(
                point.title,
                LEVEL_WORDS.get(mark.levels.get(point.title, ""), ""),
                LEVEL_WORDS.get(judged.get(point.title, ""), ""),
            )
            for point in answer.points
        ),
        wordings=tuple(mark.wordings.items()),
    )


def _lines(board: Diagram) -> tuple[str, ...]:
    arrows = [
        f"{arrow.source or '?'} → {arrow.target or '?'}"
        + (f": {arrow.label}" if arrow.label else "")
        for arrow in board.arrows
    ]
    return (*(box for box in board.boxes if box.strip()), *arrows, *board.notes)
