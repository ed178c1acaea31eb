"""What each row of a file would do, compared with what is there.

Two equal rows are two sessions: sameness is counted, not looked up. A row is *same* as long as
there is an equal log not yet matched by an earlier row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tracking.models import ImportPlan, ImportRow, PracticeLog, Skill
from tracking.names import name_key
from tracking.services.skills import ensure_skill
from tracking.sheets.cells import Row, RowReader
from tracking.sheets.columns import columns_of
from tracking.streaks import calendar_date

Action = ImportRow.Action
Facts = tuple[Any, ...]
FACTS = (
    "date_practiced",
    "duration_minutes",
    "description",
    "difficulty_rating",
    "confidence_rating",
)
NO_SUCH_SKILL = "You have no skill of this name. Create it, or let the import create skills."


class Planner:
    """Turns rows of cells into ImportRows of one plan, batch by batch, and keeps its counts."""

    def __init__(self, plan: ImportPlan, header: Sequence[str], *, now: datetime) -> None:
        self.plan = plan
        columns = columns_of(header)
        plan.ignored_columns = columns.ignored
        self.skill_column = columns.titles.get("skill") or columns.titles["skill_id"]
        today = calendar_date(now, plan.user.timezone)
        self.reader = RowReader(columns, today=today, date_format=plan.date_format)
        self.skills = {s.name_key: s for s in Skill.objects.visible_to(plan.user)}
        self.names = {s.pk: s.name for s in self.skills.values()}
        self.there = logs_there(plan.user_id)
        self.number = 0
        plan.total_rows = plan.done_rows = 0
        plan.create_count = plan.same_count = plan.error_count = 0

    def add(self, batch: Iterable[Sequence[Any]]) -> None:
        """Blank rows count in the numbering, as they do in a spreadsheet, and do nothing."""
        rows = []
        for cells in batch:
            self.number += 1
            if cells:
                rows.append(self._planned(self.reader.read(self.number, cells)))
        ImportRow.objects.bulk_create(rows, batch_size=1000)
        self.plan.total_rows = self.plan.done_rows = self.number

    def finish(self) -> None:
        self.plan.status = ImportPlan.Status.PLANNED
        self.plan.claimed_until = None
        self.plan.save()

    def _planned(self, row: Row) -> ImportRow:
        lacks_skill = self._find_skill(row)
        if row.asks_date_format:
            self.plan.asks_date_format = True
        action = self._action(row, lacks_skill=lacks_skill)
        self._count(action)
        return ImportRow(
            plan=self.plan,
            number=row.number,
            action=action,
            skill_name=row.skill_name,
            skill_key=row.skill_key,
            date_practiced=row.date_practiced,
            duration_minutes=row.duration_minutes,
            description=row.description,
            difficulty_rating=row.difficulty_rating,
            confidence_rating=row.confidence_rating,
            lacks_skill=lacks_skill and not self.plan.create_skills and len(row.errors) == 1,
            errors=row.errors if action == Action.ERROR else [],
        )

    def _find_skill(self, row: Row) -> bool:
        """Name the skill of the row; True when there is none of that name yet."""
        if row.skill_id is not None:
            name = self.names.get(row.skill_id)
            if name is None:
                row.blame(self.skill_column, "There is no skill of yours with this number.")
            row.skill_name = name or ""
            return False
        if not row.skill_name or row.skill_key in self.skills:
            return False
        if not self.plan.create_skills:
            row.blame(self.skill_column, NO_SUCH_SKILL)
        return True

    def _action(self, row: Row, *, lacks_skill: bool) -> str:
        if row.errors:
            return Action.ERROR
        if not lacks_skill and take(self.there, (row.skill_key, *facts_of(row))):
            return Action.SAME
        return Action.CREATE

    def _count(self, action: str) -> None:
        name = f"{action}_count"
        setattr(self.plan, name, getattr(self.plan, name) + 1)


def logs_there(user_id: int) -> Counter[Facts]:
    """How often each set of facts is there: one narrow query."""
    rows = PracticeLog.objects.filter(user_id=user_id).values_list("skill__name_key", *FACTS)
    return Counter(rows.iterator(chunk_size=5000))


def facts_of(row: Any) -> Facts:
    return tuple(getattr(row, name) for name in FACTS)


def take(there: Counter[Facts], facts: Facts) -> bool:
    """Match a row with a log that is there, once for each."""
    if there[facts] <= 0:
        return False
    there[facts] -= 1
    return True


def settle_rows(plan: ImportPlan) -> None:
    """Look again before applying: what another import made meanwhile is the same now, and rows
    that only lacked a skill are fine once skills may be created. Saves rows and counts."""
    if plan.create_skills:
        ImportRow.objects.filter(plan=plan, action=Action.ERROR, lacks_skill=True).update(
            action=Action.CREATE, errors=[]
        )
    there = logs_there(plan.user_id)
    rows = ImportRow.objects.filter(plan=plan).exclude(action=Action.ERROR)
    now_same = []
    for action in (Action.SAME, Action.CREATE):
        for row in rows.filter(action=action).order_by("number").iterator(chunk_size=2000):
            if take(there, (row.skill_key, *facts_of(row))) and action == Action.CREATE:
                now_same.append(row.pk)
    for start in range(0, len(now_same), 500):
        chosen = now_same[start : start + 500]
        ImportRow.objects.filter(pk__in=chosen).update(action=Action.SAME)
    counts = Counter(ImportRow.objects.filter(plan=plan).values_list("action", flat=True))
    plan.create_count, plan.same_count = counts[Action.CREATE], counts[Action.SAME]
    plan.error_count = counts[Action.ERROR]


def create_logs(plan: ImportPlan, *, now: datetime) -> None:
    """One log for each row to create; joins the caller's transaction."""
    rows = ImportRow.objects.filter(plan=plan, action=Action.CREATE).order_by("number")
    skills = _skills_for(plan, rows, now=now)
    batch: list[PracticeLog] = []
    for row in rows.iterator(chunk_size=2000):
        batch.append(_log_of(row, plan, skills[row.skill_key], now=now))
        if len(batch) == 1000:
            PracticeLog.objects.bulk_create(batch)
            batch = []
    PracticeLog.objects.bulk_create(batch)
    plan.done_rows = plan.total_rows


def _skills_for(plan: ImportPlan, rows: Any, *, now: datetime) -> dict[str, int]:
    """Skill ids by name key, made where the plan may make them."""
    skills = {s.name_key: s.pk for s in Skill.objects.visible_to(plan.user)}
    made: list[int] = []
    # The first spelling in the file names the skill.
    for name in rows.values_list("skill_name", flat=True):
        key = name_key(name)
        if key not in skills:
            skills[key] = ensure_skill(user=plan.user, name=name, now=now).pk
            made.append(skills[key])
    plan.created_skills = made
    return skills


def _log_of(row: ImportRow, plan: ImportPlan, skill_id: int, *, now: datetime) -> PracticeLog:
    facts = {name: getattr(row, name) for name in FACTS}
    return PracticeLog(
        user_id=plan.user_id,
        skill_id=skill_id,
        zone=plan.user.timezone,
        import_plan=plan,
        created_at=now,
        updated_at=now,
        **facts,
    )
