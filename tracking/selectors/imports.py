"""Imports for the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from tracking.models import ImportPlan, ImportRow

ERRORS_SHOWN = 1000
ERRORS_ON_PAGE, EXAMPLES_ON_PAGE, RECENT = 200, 20, 5


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`busy` while a worker has the plan; `examples` are the first rows it would create."""

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
    return PlanPage(
        errors=tuple(errors_of(plan)[:ERRORS_ON_PAGE]),
        examples=tuple(to_create[:EXAMPLES_ON_PAGE]),
        busy=plan.status in (ImportPlan.Status.PLANNING, ImportPlan.Status.APPLYING),
        lacks_skills=lacking.exists(),
    )


def errors_of(plan: ImportPlan) -> list[dict[str, object]]:
    """The first thousand errors, by row."""
    rows = ImportRow.objects.filter(plan=plan, action=ImportRow.Action.ERROR).order_by("number")
    found: list[dict[str, object]] = []
    for errors in rows.values_list("errors", flat=True)[:ERRORS_SHOWN]:
        found.extend(errors)
    return found[:ERRORS_SHOWN]
