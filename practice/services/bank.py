"""Brings the question bank in the database in line with the files.

Identity is the slug: of the set, and of the question within its set. Loading twice changes
nothing the second time. What no file of the same source holds any more is retired, never deleted,
because sessions and history still point to it. What was changed here is never overwritten unasked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from common.loading import SHIPPED, Load, Outcome, Take, values_of
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
QUESTION_COLUMNS = (
    "title",
    "prompt",
    "framework_name",
    "framework_steps",
    "structure_steps",
    "key_points",
    "sample_answer",
    "follow_ups",
    "min_words",
)
LOADED = ("source", "loaded_hash")
_PARKED = 10_000
"""Added to an order while questions change places, so that no two ever meet on one number."""


@dataclass
class BankChanges(Load):
    """The changes of a load, as lines for people; `conflicts` were left as they are."""

    lines: list[str] = field(default_factory=list)
    unchanged: int = 0

    def note(self, verb: str, what: str, columns: Sequence[str] = ()) -> None:
        self.lines.append(f"{verb} {what}" + (f" ({', '.join(columns)})" if columns else ""))


@transaction.atomic(durable=True)
def load_bank(
    *, sets: Sequence[SetFile], now: datetime, source: str = SHIPPED, take: Take = Take.NEITHER
) -> BankChanges:
    """Write all sets in one transaction; a failure leaves the bank as it was. What was changed here
    stays (`common.loading`), and only what this source loaded is retired."""
    changes = BankChanges(source=source, take=take)
    stored = {row.slug: row for row in QuestionMain.objects.select_for_update()}
    for file in sets:
        load_set(stored.pop(file.slug, None), file, changes, now)
    for slug, row in stored.items():
        if row.retired_at is None and changes.may_retire(slug, row, SET_COLUMNS):
            row.retired_at = row.updated_at = now
            row.save(update_fields=["retired_at", "updated_at"])
            changes.note("retired", slug)
    return changes


def load_set(row: QuestionMain | None, file: SetFile, changes: BankChanges, now: datetime) -> None:
    wanted = {name: getattr(file, name) for name in SET_COLUMNS}
    before = (len(changes.lines), len(changes.conflicts))
    if row is None:
        row = QuestionMain(slug=file.slug, created_at=now, updated_at=now, **wanted)
        changes.decide(file.slug, row, wanted)
        row.save()
        changes.note("added", file.slug)
    elif changes.belongs_to_another(file.slug, row):
        return  # with its questions
    elif changed := _apply(row, file.slug, changes, wanted, {"retired_at": None}):
        row.updated_at = now
        row.save(update_fields=["updated_at"])
        changes.note("changed", file.slug, changed)
    load_questions(row, file, changes, now)
    changes.unchanged += (len(changes.lines), len(changes.conflicts)) == before


def load_questions(row: QuestionMain, file: SetFile, changes: BankChanges, now: datetime) -> None:
    stored = {question.slug: question for question in row.questions.all()}
    wanted = {q.slug: columns_of(q) for q in file.questions}
    gone = [question for slug, question in stored.items() if slug not in wanted]
    left = _retire_questions(row, gone, changes, now)
    # What no file holds and is not retired comes behind the others.
    places = {slug: order for order, slug in enumerate([*wanted, *left], 1)}
    for slug in places.keys() & stored.keys():
        # Questions that change places give up their number before any takes its new one.
        if stored[slug].order != places[slug]:
            Question.objects.filter(pk=stored[slug].pk).update(order=_PARKED + places[slug])
            stored[slug].order = _PARKED + places[slug]
    for slug, order in places.items():
        name, place = f"{row.slug}/{slug}", {"order": order}
        if slug in left:
            _set(stored[slug], place)
        elif slug not in stored:
            question = Question(question_main=row, slug=slug, order=order, **wanted[slug])
            changes.decide(name, question, wanted[slug])
            question.save()
            changes.note("added", name)
        elif changed := _apply(
            stored[slug], name, changes, wanted[slug], {**place, "retired_at": None}
        ):
            changes.note("changed", name, changed)


def _retire_questions(
    row: QuestionMain, gone: Sequence[Question], changes: BankChanges, now: datetime
) -> list[str]:
    """The slugs of those that stay in use."""
    left = []
    for question in gone:
        name = f"{row.slug}/{question.slug}"
        if question.retired_at is not None:
            continue
        if changes.may_retire(name, question, QUESTION_COLUMNS):
            question.retired_at = now
            question.save(update_fields=["retired_at"])
            changes.note("retired", name)
        else:
            left.append(question.slug)
    return left


def columns_of(entry: QuestionFile) -> dict[str, Any]:
    """The columns that a file writes, but for the place in its set."""
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
    }


def _step(step: Step) -> dict[str, Any]:
    return {**asdict(step), "cues": list(step.cues)}


def _apply(
    row: QuestionMain | Question,
    what: str,
    changes: BankChanges,
    wanted: dict[str, Any],
    place: dict[str, Any],
) -> list[str]:
    """Set what differs, the content only where nobody changed it here; the names of the changed
    columns."""
    marks = values_of(row, LOADED)
    outcome = changes.decide(what, row, wanted)
    if outcome == Outcome.KEEP:
        changes.note("kept as changed here", what)
    changed = _set(row, {**(wanted if outcome == Outcome.WRITE else {}), **place})
    if values_of(row, LOADED) != marks:
        row.save(update_fields=LOADED)
    return changed


def _set(row: QuestionMain | Question, values: dict[str, Any]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed
