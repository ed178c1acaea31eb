"""Imports for the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from tracking.models import ImportPlan, ImportRow
from tracking.sheets.answers import QUESTIONS, Question, for_people
from tracking.sheets.presets import PRESETS, SPREAD

ERRORS_SHOWN = 1000
ERRORS_ON_PAGE, EXAMPLES_ON_PAGE, SKILLS_ON_PAGE, RECENT = 200, 20, 20, 5
LABELS = {
    "skill": "Skill",
    "date": "Date",
    "duration_minutes": "Duration",
    "description": "What you did",
    "difficulty": "Difficulty",
    "confidence": "Confidence",
}
MAPPED = tuple(LABELS)
OPTIONAL = ("description", "difficulty", "confidence")


@dataclass(frozen=True, slots=True)
class MappedColumn:
    name: str
    label: str
    title: str
    choices: tuple[str, ...]

    @property
    def may_be_left_out(self) -> bool:
        return self.name in OPTIONAL


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`busy` while a worker has the plan; `examples` are the first rows it would create; `mapping`
    is there when the file is kept, so that it can be read again."""

    questions: tuple[Question, ...]
    tracker: str
    mapping: tuple[MappedColumn, ...]
    creates_skills: tuple[str, ...]
    more_skills: int
    errors: tuple[dict[str, object], ...]
    examples: tuple[ImportRow, ...]
    busy: bool
    lacks_skills: bool


def recent_imports(user: User) -> list[ImportPlan]:
    """The newest five, without their files."""
    rows = ImportPlan.objects.filter(user=user).order_by("-created_at").defer("upload")
    return list(rows[:RECENT])


def plan_page(plan: ImportPlan) -> PlanPage:
    to_create = plan.rows.filter(action=ImportRow.Action.CREATE).order_by("number")
    lacking = plan.rows.filter(action=ImportRow.Action.ERROR, lacks_skill=True)
    preset = PRESETS.get(plan.preset)
    return PlanPage(
        questions=tuple(QUESTIONS[name] for name in plan.asks),
        tracker=preset.label if preset else "",
        mapping=mapping_of(plan),
        creates_skills=tuple(plan.creates_skills[:SKILLS_ON_PAGE]),
        more_skills=max(0, len(plan.creates_skills) - SKILLS_ON_PAGE),
        errors=tuple(
            {**error, "message": for_people(str(error["message"]))}
            for error in errors_of(plan)[:ERRORS_ON_PAGE]
        ),
        examples=tuple(to_create[:EXAMPLES_ON_PAGE]),
        busy=plan.status in (ImportPlan.Status.PLANNING, ImportPlan.Status.APPLYING),
        lacks_skills=lacking.exists(),
    )


def mapping_of(plan: ImportPlan) -> tuple[MappedColumn, ...]:
    """What can be chosen for each column; empty when there is nothing to choose."""
    if plan.upload is None or len(plan.header) < 2 or not (plan.preset or plan.answers):
        return ()
    names = ("skill",) if plan.preset in SPREAD else MAPPED
    titles = tuple(title for title in dict.fromkeys(plan.header) if title)
    return tuple(
        MappedColumn(name, LABELS[name], plan.mapping.get(name, ""), titles) for name in names
    )


def errors_of(plan: ImportPlan) -> list[dict[str, object]]:
    """The first thousand errors, by row."""
    rows = ImportRow.objects.filter(plan=plan, action=ImportRow.Action.ERROR).order_by("number")
    found: list[dict[str, object]] = []
    for errors in rows.values_list("errors", flat=True)[:ERRORS_SHOWN]:
        found.extend(errors)
    return found[:ERRORS_SHOWN]
