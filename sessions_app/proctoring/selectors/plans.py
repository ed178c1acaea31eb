"""What a candidate is asked: the assessment's sections, or without one a pick from the bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sessions_app.proctoring.models import Candidate, CodingQuestion, ProctoredSession
from sessions_app.proctoring.models.bank import Difficulty

PICK_TITLE = "Coding questions"


@dataclass(frozen=True)
class PlannedSection:
    key: str
    title: str
    questions: tuple[CodingQuestion, ...]


def plan_for(candidate: Candidate) -> list[dict[str, Any]]:
    """`[{"key", "title", "question_ids"}]`, stored with the session when it starts."""
    if candidate.assessment_id is None:
        return _pick_from_bank(candidate.pk)
    sections = candidate.assessment.sections.prefetch_related("entries")
    return [
        {
            "key": section.key,
            "title": section.title,
            "question_ids": [str(entry.question_id) for entry in section.entries.all()],
        }
        for section in sections
    ]


def sections_of(session: ProctoredSession) -> list[PlannedSection]:
    ids = [pk for section in session.plan for pk in section["question_ids"]]
    found = {str(question.pk): question for question in CodingQuestion.objects.filter(pk__in=ids)}
    return [
        PlannedSection(
            key=section["key"],
            title=section["title"],
            questions=tuple(found[pk] for pk in section["question_ids"] if pk in found),
        )
        for section in session.plan
    ]


def _pick_from_bank(candidate_id: UUID) -> list[dict[str, Any]]:
    """One question of each difficulty, always the same for one candidate."""
    picked = []
    for difficulty in Difficulty.values:
        bank = CodingQuestion.objects.filter(difficulty=difficulty, retired_at__isnull=True)
        ids = list(bank.order_by("slug").values_list("pk", flat=True))
        if ids:
            picked.append(str(ids[candidate_id.int % len(ids)]))
    if not picked:
        return []
    return [{"key": "coding", "title": PICK_TITLE, "question_ids": picked}]
