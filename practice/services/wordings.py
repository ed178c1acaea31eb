"""Accepted wordings: staff decide that words of an answer count for a key point.

They stand beside the wordings of the question's file, in a column that no load of the bank writes:
a new file changes the question and leaves them, and there is nothing to conflict. They count in
answers that are handed in from then on.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common.errors import Invalid
from evaluation.local.text import stems_of
from evaluation.models import WordingCandidate
from evaluation.services.requests import key_of_prompt
from evaluation.services.wordings import MOST_TELLING_WORDS, form_of, is_phrase
from practice.errors import NoSuchPoint
from practice.models import Question

if TYPE_CHECKING:
    from accounts.models import User

Decision = WordingCandidate.Decision


@transaction.atomic(durable=True)
def accept_wording(*, candidate: WordingCandidate, staff: User, now: datetime) -> list[Question]:
    """Let the words count for the point, in every question in use that asks the same; those.

    Safe to repeat. Raises NoSuchPoint when no question has that point any more, Invalid for words
    that would count for anybody, or that no other answer would have.
    """
    candidate = WordingCandidate.objects.select_for_update().get(pk=candidate.pk)
    questions = _asking(candidate)
    if not questions:
        raise NoSuchPoint
    if not is_phrase(candidate.text):
        raise Invalid(f"A wording is a phrase of one to {MOST_TELLING_WORDS} telling words.")
    if any(set(stems_of(candidate.text)) <= set(stems_of(one.prompt)) for one in questions):
        raise Invalid("These words stand in the question itself, so everybody would say them.")
    for question in questions:
        _set(question, candidate, [*_others(question, candidate), candidate.text])
    _decide(candidate, Decision.ACCEPTED, staff, now)
    return questions


@transaction.atomic(durable=True)
def dismiss_wording(*, candidate: WordingCandidate, staff: User, now: datetime) -> None:
    """Leave the words out, or take them back when they were accepted before."""
    candidate = WordingCandidate.objects.select_for_update().get(pk=candidate.pk)
    if candidate.decision == Decision.ACCEPTED:
        for question in _asking(candidate):
            _set(question, candidate, _others(question, candidate))
    _decide(candidate, Decision.DISMISSED, staff, now)


def _asking(candidate: WordingCandidate) -> list[Question]:
    """The questions in use with this prompt and point, locked in the order of their ids."""
    prompts = Question.objects.in_use().values_list("pk", "prompt")
    same = [pk for pk, prompt in prompts if key_of_prompt(prompt) == candidate.question_key]
    rows = Question.objects.select_for_update().filter(pk__in=same).order_by("pk")
    title = candidate.point_title
    return [row for row in rows if title in {point["title"] for point in row.key_points}]


def _others(question: Question, candidate: WordingCandidate) -> list[str]:
    """The wordings accepted for the point, without those that are the same to the local check."""
    said = question.accepted_wordings.get(candidate.point_title, [])
    return [one for one in said if form_of(one) != form_of(candidate.text)]


def _set(question: Question, candidate: WordingCandidate, wordings: list[str]) -> None:
    question.accepted_wordings[candidate.point_title] = wordings
    question.save(update_fields=["accepted_wordings"])


def _decide(candidate: WordingCandidate, decision: str, staff: User, now: datetime) -> None:
    WordingCandidate.objects.filter(pk=candidate.pk).update(
        decision=decision, decided_by=staff, decided_at=now
    )
