"""Import in two steps: a plan that shows what each row would do, then apply, once; undo as a whole.

A plan up to 5,000 rows is made in the request. A larger file is kept in the plan for the worker:
`import_work`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from math import ceil
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import storage
from common import clock
from common.errors import Invalid
from common.jobs import send_on_commit
from common.row_limits import limit_of, refuse_above
from tracking.errors import ImportFailed, ImportingTooFast, ImportNotReady, ImportUndone
from tracking.models import Evidence, ImportPlan, ImportRow, PracticeLog, Skill
from tracking.selectors.imports import errors_of
from tracking.services.import_rows import (
    Planner,
    allow_skills,
    ask_for_columns,
    create_logs,
    recheck_rows,
)
from tracking.services.trash import bytes_of, locked
from tracking.sheets import bounds
from tracking.sheets.answers import COLUMNS, Answers
from tracking.sheets.readers import ENCODINGS, read_table, rows_for_worker

Status = ImportPlan.Status


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`answers` settle what can be read in two ways; `encoding` names that of a CSV that is not
    UTF-8. Without `create_skills` a row of an unknown skill is an error. With `asks_columns` a file
    with unknown titles is no error: its plan asks what each is."""

    answers: Answers = Answers()
    encoding: str = ""
    create_skills: bool = True
    skip_errors: bool = False
    asks_columns: bool = False


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan and its rows, neither stored; no rows, and no planner, for a file that is left to the
    worker or whose columns are asked for."""

    plan: ImportPlan
    rows: Sequence[ImportRow] = ()
    planner: Planner | None = None


def read_plan(
    *,
    user: User,
    data: bytes,
    filename: str,
    options: ImportOptions,
    now: datetime,
    apply_after: bool = False,
) -> ReadPlan:
    """Read a file into a plan for `keep_plan`: `planned`, or `planning` when the worker must read
    a large file, which then also applies it if `apply_after`.

    Takes up to a second, so it is called outside any transaction. Raises Invalid (400) for a file
    that cannot be read, TooLarge (413).
    """
    _check(options)
    _refuse_too_many(user, now=now)
    plan = ImportPlan(user=user, filename=filename[:255], created_at=now, **_columns(options))
    plan.apply_when_planned = apply_after
    stated = rows_for_worker(data)
    if stated:
        return _for_worker(plan, data, about=stated)
    table = read_table(data, encoding=options.encoding)
    try:
        planner = Planner(plan, table, now=now)  # refuses now what the worker would refuse
    except Invalid as error:
        if not options.asks_columns:
            raise
        ask_for_columns(plan, table, error)
        plan.upload = data
        return ReadPlan(plan)
    first = list(islice(table.rows, bounds.ROWS_AT_ONCE + 1))
    if len(first) * planner.columns.sessions_a_row > bounds.ROWS_AT_ONCE:
        return _for_worker(plan, data, about=max(len(first), table.about))
    plan.apply_when_planned = False
    rows = planner.read(first)
    if planner.may_be_asked:
        plan.upload = data
    return ReadPlan(plan, rows, planner)


def _columns(options: ImportOptions) -> dict[str, Any]:
    return {
        "status": Status.PLANNING,
        "answers": options.answers.as_json(),
        "encoding": options.encoding,
        "create_skills": options.create_skills,
        "skip_errors": options.skip_errors,
    }


@transaction.atomic
def keep_plan(read: ReadPlan) -> ImportPlan:
    """Store what was read; a file that is too long for a request goes to the worker."""
    read.plan.save(force_insert=True)
    if read.plan.status == Status.PLANNING and read.planner is None:
        send_on_commit("tracking.work_on_import", str(read.plan.pk))
    elif read.planner is not None:
        read.planner.keep(read.rows)
        read.planner.finish()
    return read.plan


def plan_again(*, plan: ImportPlan, said: dict[str, Any], now: datetime) -> ImportPlan:
    """The same file with what the learner said of it, besides earlier answers; replaces the plan.
    Raises ImportNotReady when there was no question, Invalid for a word that is no answer."""
    _refuse_unasked(plan)
    if not said:
        raise Invalid("Say how the file is to be read.")
    options = ImportOptions(
        Answers(**{**plan.answers, **said}),
        plan.encoding,
        create_skills=plan.create_skills,
        skip_errors=plan.skip_errors,
        asks_columns=True,
    )
    read = read_plan(
        user=plan.user,
        data=bytes(plan.upload or b""),
        filename=plan.filename,
        options=options,
        now=now,
    )
    with transaction.atomic(durable=True):
        row = locked(ImportPlan.objects.filter(pk=plan.pk))
        _refuse_unasked(row)
        row.delete()
        return keep_plan(read)


def _refuse_unasked(plan: ImportPlan) -> None:
    if plan.status != Status.PLANNED or plan.upload is None:
        raise ImportNotReady("This import has no question to answer.")


def _refuse_too_many(user: User, *, now: datetime) -> None:
    limit, since = limit_of("imports_an_hour"), now - timedelta(hours=1)
    recent = ImportPlan.objects.filter(user=user, created_at__gt=since)
    if (used := recent.count()) < limit:
        return
    again = recent.earliest("created_at").created_at + timedelta(hours=1)
    raise ImportingTooFast(
        extra={"limit": limit, "used": used, "resets_at": clock.iso(again)},
        headers={"Retry-After": str(ceil((again - now).total_seconds()))},
    )


def _refuse_above_limits(plan: ImportPlan) -> None:
    """Before anything is written; counted under the lock that single logs and skills take."""
    storage.lock(user_id=plan.user_id)
    logs = PracticeLog.objects.filter(user_id=plan.user_id).count()
    refuse_above("logs", what="practice logs", used=logs, adding=plan.create_count)
    own = Skill.objects.filter(user_id=plan.user_id)
    create = ImportRow.objects.filter(plan=plan, action=ImportRow.Action.CREATE)
    new = create.exclude(skill_key__in=own.values("name_key")).values("skill_key").distinct()
    refuse_above("skills", what="skills", used=own.count(), adding=new.count())


def _for_worker(plan: ImportPlan, data: bytes, *, about: int) -> ReadPlan:
    plan.upload = data
    plan.total_rows = min(about, bounds.MOST_ROWS)
    return ReadPlan(plan)


@transaction.atomic
def apply_plan(
    *,
    plan: ImportPlan,
    now: datetime,
    skip_errors: bool = False,
    create_skills: bool | None = None,
    in_worker: bool = False,
) -> ImportPlan:
    """Create the plan's logs, once: a second call is the same answer and does nothing.

    With errors nothing is written (Invalid) unless `skip_errors`. `create_skills` replaces what was
    said with the file. A large plan is handed to the worker and comes back as `applying`.
    """
    row = locked(ImportPlan.objects.filter(pk=plan.pk))
    if row.status == Status.APPLIED or (row.status == Status.APPLYING and not in_worker):
        return row
    if row.status == Status.UNDONE:
        raise ImportUndone
    if row.status == Status.FAILED:
        raise ImportFailed(row.error or None)
    if row.status == Status.PLANNING:
        raise ImportNotReady
    if COLUMNS in row.asks:
        raise ImportNotReady("Say first which column of the file is which.")
    row.skip_errors |= skip_errors
    if create_skills is not None:
        row.create_skills = create_skills
    allow_skills(row)
    _refuse_errors(row)
    if row.total_rows > bounds.ROWS_AT_ONCE and not in_worker:
        row.status, row.tries = Status.APPLYING, 0
        row.save()
        send_on_commit("tracking.work_on_import", str(row.pk))
        return row
    recheck_rows(row)
    _refuse_above_limits(row)
    create_logs(row, now=now)
    row.status, row.applied_at = Status.APPLIED, now
    row.claim = row.claimed_until = row.upload = None
    row.save()
    return row


@transaction.atomic
def undo_plan(*, plan: ImportPlan, now: datetime) -> ImportPlan:
    """Delete every log that the import made, with evidence since attached, and the skills it made
    if nothing else is in them. A second call does nothing."""
    row = locked(ImportPlan.objects.filter(pk=plan.pk))
    if row.status == Status.UNDONE:
        return row
    if row.status != Status.APPLIED:
        raise ImportNotReady("Only an import that was applied can be undone.")
    evidence = Evidence.objects.filter(log__import_plan=row)
    storage.free_bytes(user_id=row.user_id, evidence=bytes_of(evidence))
    evidence.delete()
    logs = PracticeLog.objects.filter(import_plan=row)
    logs._raw_delete(logs.db)
    created = Skill.objects.filter(pk__in=row.created_skills)
    created.filter(logs__isnull=True, evidence__isnull=True).delete()
    row.status, row.undone_at = Status.UNDONE, now
    row.save(update_fields=["status", "undone_at"])
    return row


def _refuse_errors(plan: ImportPlan) -> None:
    if plan.skip_errors:
        return
    if number := ImportRow.objects.filter(plan=plan, action=ImportRow.Action.ERROR).count():
        sentence = (
            f"{number} {'row has' if number == 1 else 'rows have'} errors; nothing was written. "
            "Correct the file, or skip the rows with errors."
        )
        raise Invalid(
            sentence,
            code="import_has_errors",
            fields={"file": [sentence]},
            extra={
                "create": plan.create_count,
                "same": plan.same_count,
                "errors": errors_of(plan),
                "ignored_columns": plan.ignored_columns,
            },
        )


def _check(options: ImportOptions) -> None:
    options.answers.check()
    if options.encoding and options.encoding not in ENCODINGS:
        sentence = f"Must be one of: {', '.join(ENCODINGS)}."
        raise Invalid(sentence, fields={"encoding": [sentence]})
