"""Brings the question bank in the database in line with the files.

Identity is the slug: of the set, and of the question within its set. Loading twice changes
nothing the second time. What no file holds any more is retired, never deleted, because sessions
and history still point to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from evaluation.types import Step
from practice.bank_files import QuestionFile, SetFile
from practice.models import Question, QuestionMain

SET_COLUMNS = (
    "kind",
    "title",
    "category",
    "difficulty",
    "minutes",
    "summary",
    "sample_writeup",
)
_PARKED = 10_000
"""Added to an order while questions change places, so that no two ever meet on one number."""


@dataclass
class BankChanges:
    """The changes of a load, as lines for people."""

    lines: list[str] = field(default_factory=list)
    unchanged: int = 0

    def note(self, verb: str, what: str, columns: Sequence[str] = ()) -> None:
        self.lines.append(f"{verb} {what}" + (f" ({', '.join(columns)})" if columns else ""))


@transaction.atomic(durable=True)
def load_bank(*, sets: Sequence[SetFile], now: datetime) -> BankChanges:
    """Write all sets in one transaction; a failure leaves the bank as it was."""
    changes = BankChanges()
    stored = {row.slug: row for row in QuestionMain.objects.select_for_update()}
    for file in sets:
        load_set(stored.pop(file.slug, None), file, changes, now)
    for slug, row in stored.items():
        if row.retired_at is None:
            row.retired_at = row.updated_at = now
            row.save(update_fields=["retired_at", "updated_at"])
            changes.note("retired", slug)
    return changes


def load_set(row: QuestionMain | None, file: SetFile, changes: BankChanges, now: datetime) -> None:
    wanted = {name: getattr(file, name) for name in SET_COLUMNS}
    before = len(changes.lines)
    if row is None:
        row = QuestionMain.objects.create(slug=file.slug, created_at=now, updated_at=now, **wanted)
        changes.note("added", file.slug)
    elif changed := _apply(row, {**wanted, "retired_at": None}):
        row.updated_at = now
        row.save(update_fields=[*changed, "updated_at"])
        changes.note("changed", file.slug, changed)
    load_questions(row, file, changes, now)
    changes.unchanged += len(changes.lines) == before


def load_questions(row: QuestionMain, file: SetFile, changes: BankChanges, now: datetime) -> None:
    stored = {question.slug: question for question in row.questions.all()}
    wanted = {q.slug: columns_of(q, order) for order, q in enumerate(file.questions, 1)}
    for slug, question in stored.items():
        if slug in wanted:
            # Questions that change places give up their number before any takes its new one.
            if question.order != wanted[slug]["order"]:
                question.order += _PARKED
                question.save(update_fields=["order"])
        elif question.retired_at is None:
            question.retired_at = now
            question.save(update_fields=["retired_at"])
            changes.note("retired", f"{row.slug}/{slug}")
    for slug, columns in wanted.items():
        if slug not in stored:
            Question.objects.create(question_main=row, slug=slug, **columns)
            changes.note("added", f"{row.slug}/{slug}")
        elif changed := _apply(stored[slug], columns):
            stored[slug].save(update_fields=changed)
            changes.note("changed", f"{row.slug}/{slug}", changed)


def columns_of(entry: QuestionFile, order: int) -> dict[str, Any]:
    return {
        "title": entry.title,
        "prompt": entry.prompt,
        "framework_name": entry.framework_name,
        "framework_steps": [_step(step) for step in entry.framework_steps],
        "structure_steps": [_step(step) for step in entry.structure_steps],
        "key_points": [{**asdict(p), "aliases": list(p.aliases)} for p in entry.key_points],
        "sample_answer": entry.sample_answer,
        "follow_ups": list(entry.follow_ups),
        "min_words": entry.min_words,
        "order": order,
        "retired_at": None,
    }


def _step(step: Step) -> dict[str, Any]:
    return {**asdict(step), "cues": list(step.cues)}


def _apply(row: QuestionMain | Question, wanted: dict[str, Any]) -> list[str]:
    """Set what differs; the names of the changed columns."""
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    return changed
