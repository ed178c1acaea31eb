"""Staff's marks on real answers: given once, before the verdict is shown, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common.db.inserts import insert_if_absent
from common.errors import Invalid
from evaluation.errors import AlreadyMarked, NotMarkable, OwnAnswer
from evaluation.models import Evaluation, StaffMark, WordingCandidate
from evaluation.querysets import MARKABLE
from evaluation.scoring import verified_quote
from evaluation.services.wordings import suggest_wordings

if TYPE_CHECKING:
    from accounts.models import User

LEVELS = ("met", "partial", "missed", "denied")
CREDITED = ("met", "partial")


@dataclass(frozen=True)
class Marks:
    """What a marker gives. `score` is 0–10, None with the word "unscorable"; `levels` and
    `wordings` go by titles of key points, "" for what is left open."""

    word: str
    score: float | None
    levels: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@transaction.atomic(durable=True)
def mark_answer(*, evaluation: Evaluation, marker: User, marks: Marks, now: datetime) -> StaffMark:
    """Keep one person's marks of an answer; words that say a point which the verdict did not find
    become candidates for its wordings.

    Raises Invalid for points that the rubric does not have and for words that do not stand in the
    answer, NotMarkable, AlreadyMarked, OwnAnswer.
    """
    if evaluation.owner_id == marker.pk:
        raise OwnAnswer
    if evaluation.status not in MARKABLE:
        raise NotMarkable
    if (marks.word == StaffMark.Word.UNSCORABLE) != (marks.score is None):
        raise Invalid(fields={"score": ["A score from 0 to 10, and none for the unscorable."]})
    words = {
        title: _from_answer(text, evaluation) for title, text in marks.wordings.items() if text
    }
    levels = {title: level for title, level in marks.levels.items() if level in LEVELS}
    known = {point["title"] for point in evaluation.input["rubric"]["key_points"]}
    if unknown := (levels.keys() | words.keys()) - known:
        raise Invalid(fields={"levels": [f"This question has no point “{min(unknown)}”."]})
    mark = StaffMark(
        evaluation=evaluation,
        marker=marker,
        word=marks.word,
        score=marks.score,
        levels=levels,
        wordings=words,
        note=marks.note[:1000],
        marked_at=now,
    )
    if not insert_if_absent(mark):
        raise AlreadyMarked
    suggest_wordings(
        evaluation=evaluation,
        words={title: [text] for title, text in words.items() if levels.get(title) in CREDITED},
        source=WordingCandidate.Source.MARK,
        now=now,
    )
    return mark


def _from_answer(words: str, evaluation: Evaluation) -> str:
    """The answer's own spelling of words that stand in it. Raises Invalid otherwise."""
    quote = verified_quote(words, evaluation.answer)
    if quote is None:
        message = f"“{words[:80]}” does not stand in the answer: copy the words from it."
        raise Invalid(message, fields={"wordings": [message]})
    return quote.text
