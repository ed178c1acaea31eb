"""Plans each row of a file against the logs that exist.

Two equal rows are two sessions: sameness is counted, not looked up. A row is *same* as long as
there is an equal log not yet matched by an earlier row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from common.errors import Invalid
from common.sheets.texts import unix_lines
from tracking.errors import ImportNotReady
from tracking.models import ImportPlan, ImportRow, PracticeLog, Skill
from tracking.models.logs import FACTS
from tracking.sheets.answers import COLUMNS, QUESTIONS, Answers
from tracking.sheets.cells import Row, RowReader
from tracking.sheets.columns import Columns, columns_of, recognized
from tracking.sheets.readers import Table
from tracking.streaks import calendar_date, practice_date

Action = ImportRow.Action
Facts = tuple[Any, ...]
SKILLS_NAMED = 1000
MOST_TITLES, LONGEST_TITLE = 100, 200
NO_SUCH_SKILL = "You have no skill of this name. Create it, or let the import create skills."


class Planner:
    """Turns rows of cells into ImportRows of one plan, batch by batch, and keeps its counts."""

    def __init__(self, plan: ImportPlan, table: Table, *, now: datetime) -> None:
        self.plan = plan
        answers = Answers(**plan.answers)
        columns = columns_of(
            table.header, said=answers.columns, sample=table.sample, skill=answers.skill
        )
        self.columns = columns
        plan.ignored_columns = columns.ignored[:MOST_TITLES]
        plan.preset = columns.preset.name if columns.preset else ""
        plan.header = [title[:LONGEST_TITLE] for title in _choices(columns, table.header)]
        plan.mapping = columns.mapping
        named = (columns.titles.get(name) for name in ("skill", "skill_id"))
        self.skill_column = next(filter(None, named), "skill")
        self.reader = RowReader(
            columns,
            today=calendar_date(now, plan.user.timezone),
            day_of=lambda at: practice_date(at, plan.user.timezone, plan.user.day_start_hour),
            answers=answers,
            epoch=table.epoch,
        )
        self.asks: set[str] = set()
        self.new_skills: dict[str, str] = {}
        self.skills = {s.name_key: s for s in Skill.objects.visible_to(plan.user)}
        self.names = {s.pk: s.name for s in self.skills.values()}
        self.there = logs_there(plan.user_id)
        self.number = self.sessions = 0
        plan.done_rows = 0
        plan.create_count = plan.same_count = plan.error_count = 0

    def read(self, batch: Iterable[Sequence[Any]]) -> list[ImportRow]:
        """Blank rows count in the numbering, as they do in a spreadsheet, and do nothing."""
        rows = []
        for cells in batch:
            self.number += 1
            for row in self.reader.sessions(self.number, cells) if cells else ():
                rows.append(self._planned(row))
        self.plan.done_rows = self.number
        self.plan.total_rows = max(self.plan.total_rows, self.number)
        self.plan.left_out = self.reader.left_out
        self.plan.asks = [name for name in QUESTIONS if name in self.asks]
        self.plan.creates_skills = list(self.new_skills.values())
        return rows

    @property
    def may_be_asked(self) -> bool:
        """The file is kept in the plan: something is open, or the learner may change what each
        column is."""
        return bool(self.plan.asks or self.plan.preset or self.plan.answers)

    def keep(self, rows: Sequence[ImportRow]) -> None:
        ImportRow.objects.bulk_create(rows, batch_size=1000)

    def finish(self) -> None:
        """One transaction with what follows, so that a killed worker leaves no half plan."""
        status = ImportPlan.Status
        self.plan.status = status.APPLYING if self.plan.apply_when_planned else status.PLANNED
        self.plan.total_rows = max(self.number, self.sessions)
        self.plan.claim = self.plan.claimed_until = None
        self.plan.tries = 0
        self.plan.save()

    def _planned(self, row: Row) -> ImportRow:
        self.sessions += 1
        lacks_skill = self._find_skill(row)
        facts = tuple(row.facts[name] for name in FACTS)
        if row.errors:
            action = Action.ERROR
        elif not lacks_skill and take(self.there, comparable(row.skill_key, *facts)):
            action = Action.SAME
        else:
            action = Action.CREATE
            if lacks_skill and len(self.new_skills) < SKILLS_NAMED:
                self.new_skills.setdefault(row.skill_key, row.skill_name)
        counter = f"{action}_count"
        setattr(self.plan, counter, getattr(self.plan, counter) + 1)
        self.asks |= row.asks
        return ImportRow(
            plan=self.plan,
            number=row.number if self.columns.spread is None else self.sessions,
            action=action,
            skill_name=row.skill_name,
            skill_key=row.skill_key,
            **row.facts,
            lacks_skill=lacks_skill and not self.plan.create_skills and len(row.errors) == 1,
            errors=row.errors if action == Action.ERROR else [],
        )

    def _find_skill(self, row: Row) -> bool:
        """Set the skill of the row; True when there is none of that name yet."""
        if row.skill_id is not None:
            name = self.names.get(row.skill_id)
            if name is None:
                row.add_error(self.skill_column, "There is no skill of yours with this number.")
            row.skill_name = name or ""
            return False
        if not row.skill_name or row.skill_key in self.skills:
            return False
        if not self.plan.create_skills:
            row.add_error(self.skill_column, NO_SUCH_SKILL)
        return True


def ask_for_columns(plan: ImportPlan, table: Table, error: Invalid) -> None:
    """The plan of a file whose titles say too little: it has no rows, and asks what each column is.
    Raises the error for a file that has nothing to choose from."""
    if error.code != "missing_columns" or "file" not in error.fields or len(table.header) < 2:
        raise error
    answers = Answers(**plan.answers)
    plan.header = [title[:LONGEST_TITLE] for title in table.header[:MOST_TITLES]]
    plan.mapping = recognized(plan.header, answers.columns)
    plan.status, plan.error, plan.asks = ImportPlan.Status.PLANNED, error.message, [COLUMNS]
    plan.apply_when_planned = False
    plan.claim = plan.claimed_until = None
    plan.total_rows = plan.done_rows = plan.tries = 0


def _choices(columns: Columns, header: Sequence[str]) -> Sequence[str]:
    """What the learner can choose from for a column."""
    return columns.spread.sections if columns.spread else header[:MOST_TITLES]


def logs_there(user_id: int) -> Counter[Facts]:
    """How often each set of facts exists: one narrow query."""
    rows = PracticeLog.objects.filter(user_id=user_id).values_list("skill__name_key", *FACTS)
    return Counter(comparable(*facts) for facts in rows.iterator(chunk_size=5000))


def comparable(skill_key: str, *facts: Any) -> Facts:
    """Facts as files hold them: a description loses carriage returns and outer blanks there."""
    return (skill_key, *(unix_lines(f).strip() if isinstance(f, str) else f for f in facts))


def take(there: Counter[Facts], facts: Facts) -> bool:
    """Match a row with an existing log, each log once."""
    if there[facts] <= 0:
        return False
    there[facts] -= 1
    return True


def allow_skills(plan: ImportPlan) -> None:
    """Rows that only lack a skill are errors, or not, as `create_skills` says now."""
    rows = ImportRow.objects.filter(plan=plan)
    if plan.create_skills:
        rows.filter(action=Action.ERROR, lacks_skill=True).update(action=Action.CREATE, errors=[])
        return
    there = Skill.objects.visible_to(plan.user).values("name_key")
    title = plan.mapping.get("skill", "skill")
    lacking = list(rows.filter(action=Action.CREATE).exclude(skill_key__in=there))
    for row in lacking:
        row.errors = [{"row": row.number, "column": title, "message": NO_SUCH_SKILL}]
        row.action, row.lacks_skill = Action.ERROR, True
    fields = ["errors", "action", "lacks_skill"]
    ImportRow.objects.bulk_update(lacking, fields, batch_size=500)


def recheck_rows(plan: ImportPlan) -> None:
    """Compare again before applying: what another import made meanwhile is *same* now. Saves rows
    and counts."""
    there = logs_there(plan.user_id)
    now_same = []
    for action in (Action.SAME, Action.CREATE):
        rows = ImportRow.objects.filter(plan=plan, action=action).order_by("number")
        for pk, *facts in rows.values_list("pk", "skill_key", *FACTS).iterator(chunk_size=5000):
            if take(there, comparable(*facts)) and action == Action.CREATE:
                now_same.append(pk)
    for start in range(0, len(now_same), 500):
        chosen = now_same[start : start + 500]
        ImportRow.objects.filter(pk__in=chosen).update(action=Action.SAME)
    counts = Counter(ImportRow.objects.filter(plan=plan).values_list("action", flat=True))
    plan.create_count, plan.same_count = counts[Action.CREATE], counts[Action.SAME]
    plan.error_count = counts[Action.ERROR]


def create_logs(plan: ImportPlan, *, now: datetime) -> None:
    """One log for each row to create; joins the caller's transaction.

    One statement: 50,000 logs through the ORM would hold SQLite's only writer for seconds. Raises
    ImportNotReady when a skill was deleted meanwhile.
    """
    plan.created_skills = _make_skills(plan, now=now)
    made = Skill.objects.filter(pk__in=plan.created_skills[:SKILLS_NAMED])
    plan.creates_skills = list(made.order_by("pk").values_list("name", flat=True))
    logs, rows, skills = (connection.ops.quote_name(m._meta.db_table) for m in _TABLES)
    plan_id = ImportRow._meta.get_field("plan").get_db_prep_value(plan.pk, connection)
    moment = PracticeLog._meta.get_field("created_at").get_db_prep_value(now, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            _CREATE.format(logs=logs, rows=rows, skills=skills, facts=", ".join(FACTS)),
            [plan.user.timezone, moment, moment, plan.user_id, plan_id],
        )
        if cursor.rowcount != plan.create_count:
            raise ImportNotReady("A skill was deleted meanwhile. Apply again.")


_TABLES = (PracticeLog, ImportRow, Skill)
_CREATE = """
    INSERT INTO {logs} (
        user_id, skill_id, import_plan_id, {facts}, zone, source_kind, source_id, created_at,
        updated_at
    )
    SELECT s.user_id, s.id, r.plan_id, {facts}, %s, '', '', %s, %s
    FROM {rows} r JOIN {skills} s ON s.user_id = %s AND s.name_key = r.skill_key
    WHERE r.plan_id = %s AND r.action = 'create'
    ORDER BY r.number
"""


def _make_skills(plan: ImportPlan, *, now: datetime) -> list[int]:
    """Ids of the skills that had to be made; the first spelling in the file names a skill."""
    own = Skill.objects.visible_to(plan.user)
    there = set(own.values_list("name_key", flat=True))
    rows = ImportRow.objects.filter(plan=plan, action=Action.CREATE).order_by("number")
    names: dict[str, str] = {}
    for key, name in rows.values_list("skill_key", "skill_name").iterator(chunk_size=5000):
        if key not in there:
            names.setdefault(key, name)
    # A concurrent request may have made one of them: then undo must not delete it.
    Skill.objects.bulk_create(
        [
            Skill(user=plan.user, name=name, name_key=key, created_at=now)
            for key, name in names.items()
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )
    made = own.filter(created_at=now).values_list("pk", "name_key")
    return [pk for pk, key in made if key in names]
