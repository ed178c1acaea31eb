"""The questions of a test: its assessment's sections, or without one a pick from the bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from common.db import compiled
from sessions_app.assessments.models import Assessment, Candidate, CodingQuestion, Difficulty
from sessions_app.assessments.rules import DEFAULT_MINUTES, LANGUAGE_NAMES

PICK_TITLE = "Coding questions"

# [{"key", "title", "question_ids": [uuid], "points"?: {uuid: points other than 1}}]
Plan = list[dict[str, Any]]


@compiled
def bank_in_use() -> QuerySet[Any, Any]:
    """Read by every start without an assessment."""
    rows = CodingQuestion.objects.filter(retired_at__isnull=True).order_by("slug")
    return rows.values_list("pk", "difficulty")


@dataclass(frozen=True)
class PlannedSection:
    key: str
    title: str
    questions: tuple[CodingQuestion, ...]


def minutes_for(candidate: Candidate, *, asked: int | None = None) -> int:
    """How long their test is: the assessment's length before the requested one; extra on top."""
    length = candidate.assessment.duration_minutes if candidate.assessment else asked
    return (length or DEFAULT_MINUTES) + candidate.extra_minutes


def plan_for(candidate: Candidate) -> Plan:
    """Stored with the session when it starts: later edits of the assessment change no test."""
    if candidate.assessment is None:
        return pick_from_bank(candidate.pk)
    sections = candidate.assessment.sections.prefetch_related("entries")
    return [
        {
            "key": section.key,
            "title": section.title,
            "question_ids": [str(entry.question_id) for entry in section.entries.all()],
            "points": {
                str(entry.question_id): entry.points
                for entry in section.entries.all()
                if entry.points != 1
            },
        }
        for section in sections
    ]


def sections_of(plan: Plan) -> list[PlannedSection]:
    ids = [pk for section in plan for pk in section["question_ids"]]
    found = {str(question.pk): question for question in CodingQuestion.objects.filter(pk__in=ids)}
    return [
        PlannedSection(
            key=section["key"],
            title=section["title"],
            questions=tuple(found[pk] for pk in section["question_ids"] if pk in found),
        )
        for section in plan
    ]


def languages_of(question: CodingQuestion, assessment: Assessment | None = None) -> list[str]:
    """Those of its boiler plate that question and assessment allow; all when none is left.

    In the order in which they are offered: a JSON column forgets the order of its keys.
    """
    order = {name: place for place, name in enumerate(LANGUAGE_NAMES)}
    known = sorted(question.boiler_plate, key=lambda name: (order.get(name, len(order)), name))
    chosen = [question.languages, assessment.languages if assessment else []]
    allowed = [name for name in known if all(name in some for some in chosen if some)]
    return allowed or known


def points_in(plan: Plan) -> dict[str, int]:
    """What each question of the plan weighs in the score, in their order: `{uuid: points}`."""
    return {
        pk: section.get("points", {}).get(pk, 1)
        for section in plan
        for pk in section["question_ids"]
    }


def pick_from_bank(candidate_id: UUID) -> Plan:
    """One question of each difficulty, always the same for one candidate."""
    ids: dict[str, list[UUID]] = {difficulty: [] for difficulty in Difficulty.values}
    for pk, difficulty in bank_in_use.all():
        ids[difficulty].append(pk)
    picked = [str(some[candidate_id.int % len(some)]) for some in ids.values() if some]
    if not picked:
        return []
    return [{"key": "coding", "title": PICK_TITLE, "question_ids": picked}]
