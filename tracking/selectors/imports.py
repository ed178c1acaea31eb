"""Imports for the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from tracking.models import ImportPlan, ImportRow
from tracking.sheets.answers import COLUMNS, QUESTIONS, WHICH_COLUMN, Question, for_people
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
OPTIONAL = ("skill", "difficulty", "confidence")


@dataclass(frozen=True, slots=True)
class MappedColumn:
    name: str
    label: str
    title: str
    choices: tuple[str, ...]
    may_be_left_out: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`busy` while a worker has the plan; `examples` are the first rows it would create; `mapping`
    is there when the file is kept, so that it can be read again. `asks_columns`: nothing is planned
    before it is said; `asks_skill`: rows may get a skill that no column names."""

    questions: tuple[Question, ...]
    tracker: str
    mapping: tuple[MappedColumn, ...]
    creates_skills: tuple[str, ...]
    more_skills: int
    errors: tuple[dict[str, object], ...]
    examples: tuple[ImportRow, ...]
    busy: bool
    lacks_skills: bool
    asks_columns: bool
    asks_skill: bool


def recent_imports(user: User) -> list[ImportPlan]:
    """The newest five, without their files."""
    rows = ImportPlan.objects.filter(user=user).order_by("-created_at").defer("upload")
    return list(rows[:RECENT])


def plan_page(plan: ImportPlan) -> PlanPage:
    to_create = plan.rows.filter(action=ImportRow.Action.CREATE).order_by("number")
    lacking = plan.rows.filter(action=ImportRow.Action.ERROR, lacks_skill=True)
    preset = PRESETS.get(plan.preset)
    return PlanPage(
        questions=tuple(q for q in questions_of(plan) if q.parameter != COLUMNS),
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
        asks_columns=COLUMNS in plan.asks,
        asks_skill=plan.preset not in SPREAD,
    )


def questions_of(plan: ImportPlan) -> list[Question]:
    titles = dict.fromkeys(plan.header)
    which = Question(COLUMNS, WHICH_COLUMN, {title: title for title in titles if title})
    return [which if name == COLUMNS else QUESTIONS[name] for name in plan.asks]


def mapping_of(plan: ImportPlan) -> tuple[MappedColumn, ...]:
    """What can be chosen for each column; empty when there is nothing to choose."""
    if (
        plan.upload is None
        or len(plan.header) < 2
        or not (plan.preset or plan.answers or plan.asks)
    ):
        return ()
    is_spread = plan.preset in SPREAD
    optional = {*OPTIONAL, "description"} if plan.preset else {*OPTIONAL}
    optional -= {"skill"} if is_spread else set()
    titles = tuple(title for title in dict.fromkeys(plan.header) if title)
    shown = {"skill": LABELS["skill"]} if is_spread else LABELS
    return tuple(
        MappedColumn(name, label, plan.mapping.get(name, ""), titles, name in optional)
        for name, label in shown.items()
    )


def errors_of(plan: ImportPlan) -> list[dict[str, object]]:
    """The first thousand errors, by row."""
    rows = ImportRow.objects.filter(plan=plan, action=ImportRow.Action.ERROR).order_by("number")
    found: list[dict[str, object]] = []
    for errors in rows.values_list("errors", flat=True)[:ERRORS_SHOWN]:
        found.extend(errors)
    return found[:ERRORS_SHOWN]
