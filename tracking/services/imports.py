"""Import in two steps: a plan that shows what each row would do, then apply, once; undo as a whole.

A plan up to 5,000 rows is made in the request. A larger file is kept in the plan and read by the
worker, which claims the row; a lost nudge only delays, the beat looks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from accounts.models import User
from common.errors import DomainError, Invalid
from common.nudge import nudge
from tracking.errors import ImportFailed, ImportNotReady, ImportUndone
from tracking.models import Evidence, ImportPlan, ImportRow, PracticeLog, Skill
from tracking.services.import_rows import Planner, create_logs, settle_rows
from tracking.services.trash import locked
from tracking.sheets import bounds
from tracking.sheets.cells import DATE_FORMATS
from tracking.sheets.readers import ENCODINGS, read_table

Status = ImportPlan.Status
CLAIM_FOR = timedelta(minutes=10)
BATCH = 1000
ERRORS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`date_format` dmy or mdy answers what an ambiguous date means; `encoding` names that of a
    CSV that is not UTF-8."""

    date_format: str = ""
    encoding: str = ""
    create_skills: bool = False
    skip_errors: bool = False


@transaction.atomic
def plan_import(
    *, user: User, data: bytes, filename: str, options: ImportOptions, now: datetime
) -> ImportPlan:
    """A plan: `planned` at once, or `planning` when the worker must read a large file.

    Raises Invalid (400) for a file that cannot be read, TooLarge (413).
    """
    _check(options)
    table = read_table(data, encoding=options.encoding)
    plan = ImportPlan(
        user=user,
        status=Status.PLANNING,
        filename=filename[:255],
        date_format=options.date_format,
        encoding=options.encoding,
        create_skills=options.create_skills,
        skip_errors=options.skip_errors,
        created_at=now,
    )
    planner = Planner(plan, table.header, now=now)
    first = list(islice(table.rows, bounds.ROWS_AT_ONCE + 1))
    if len(first) > bounds.ROWS_AT_ONCE:
        plan.upload = data
        plan.save(force_insert=True)
        nudge("tracking.work_on_import", str(plan.pk))
        return plan
    plan.save(force_insert=True)
    planner.add(first)
    planner.finish()
    return plan


def make_large_plan(*, plan: ImportPlan, claim: datetime) -> None:
    """The worker's part: read the kept file in batches, each committed so that progress shows.

    Starting anew drops what a killed worker left. `claim` fences: who lost it stops silently.
    """
    try:
        table = read_table(bytes(plan.upload or b""), encoding=plan.encoding)
        planner = Planner(plan, table.header, now=plan.created_at)
        ImportRow.objects.filter(plan=plan).delete()
        while batch := list(islice(table.rows, BATCH)):
            with transaction.atomic(durable=True):
                if not _holds(plan, claim):
                    return
                planner.add(batch)
                if plan.total_rows > bounds.MOST_ROWS:
                    raise Invalid(f"A file may have at most {bounds.MOST_ROWS:,} rows.")
        with transaction.atomic(durable=True):
            if _holds(plan, claim):
                plan.upload = None
                planner.finish()
    except DomainError as error:
        _fail(plan, error.message)


@transaction.atomic
def apply_plan(
    *,
    plan: ImportPlan,
    now: datetime,
    skip_errors: bool = False,
    create_skills: bool = False,
    in_worker: bool = False,
) -> ImportPlan:
    """Create the plan's logs, once: a second call is the same answer and does nothing.

    With errors nothing is written (Invalid) unless `skip_errors`. A large plan is handed to the
    worker and comes back as `applying`.
    """
    row = locked(ImportPlan.objects.filter(pk=plan.pk))
    if row.status == Status.APPLIED or (row.status == Status.APPLYING and not in_worker):
        return row
    _check_appliable(row)
    row.skip_errors |= skip_errors
    row.create_skills |= create_skills
    settle_rows(row)
    if row.error_count and not row.skip_errors:
        raise with_errors(row)
    if row.create_count > bounds.ROWS_AT_ONCE and not in_worker:
        row.status = Status.APPLYING
        row.save()
        nudge("tracking.work_on_import", str(row.pk))
        return row
    create_logs(row, now=now)
    row.status, row.applied_at, row.claimed_until = Status.APPLIED, now, None
    row.save()
    return row


@transaction.atomic
def undo_plan(*, plan: ImportPlan, now: datetime) -> ImportPlan:
    """Take away every log that the import made, with evidence since attached, and the skills it
    made if nothing else is in them. A second call does nothing."""
    row = locked(ImportPlan.objects.filter(pk=plan.pk))
    if row.status == Status.UNDONE:
        return row
    if row.status != Status.APPLIED:
        raise ImportNotReady("Only an import that was applied can be undone.")
    Evidence.objects.filter(log__import_plan=row).delete()
    logs = PracticeLog.objects.filter(import_plan=row)
    logs._raw_delete(logs.db)
    used = {
        *PracticeLog.objects.filter(skill_id__in=row.created_skills).values_list(
            "skill_id", flat=True
        ),
        *Evidence.objects.filter(skill_id__in=row.created_skills).values_list(
            "skill_id", flat=True
        ),
    }
    Skill.objects.filter(pk__in=set(row.created_skills) - used).delete()
    row.status, row.undone_at = Status.UNDONE, now
    row.save(update_fields=["status", "undone_at"])
    return row


def work_on_import(*, plan_id: str, now: datetime) -> bool:
    """Claim a waiting plan and do what it waits for; False when it is another's or done."""
    claim = now + CLAIM_FOR
    free = ImportPlan.objects.filter(
        pk=plan_id, status__in=[Status.PLANNING, Status.APPLYING]
    ).exclude(claimed_until__gt=now)
    if not free.update(claimed_until=claim):
        return False
    plan = ImportPlan.objects.get(pk=plan_id)
    if plan.status == Status.PLANNING:
        make_large_plan(plan=plan, claim=claim)
        plan.refresh_from_db()
    wants = plan.status == Status.PLANNED and plan.apply_when_planned
    if wants or plan.status == Status.APPLYING:
        _apply_in_worker(plan, now=now)
    return True


def give_up(*, plan_id: str) -> None:
    """A file that cannot be worked on is refused, and nothing of it is kept."""
    waiting = ImportPlan.objects.filter(pk=plan_id, status__in=[Status.PLANNING, Status.APPLYING])
    for plan in waiting:
        _fail(plan, "This file could not be read because of an error on our side.")


def waiting_imports(*, now: datetime) -> list[str]:
    """Plans that nobody works on: their nudge was lost, or their worker."""
    waiting = ImportPlan.objects.filter(status__in=[Status.PLANNING, Status.APPLYING])
    free = waiting.exclude(claimed_until__gt=now).order_by("created_at")
    return [str(pk) for pk in free.values_list("pk", flat=True)[:20]]


def forget_old_plans(*, now: datetime) -> int:
    """Plans never applied go after a week, the rows of applied ones after a month (the import can
    still be undone: its logs carry the plan)."""
    old = ImportPlan.objects.filter(created_at__lt=now - timedelta(days=7))
    stale = old.filter(status__in=[Status.PLANNED, Status.FAILED, Status.UNDONE])
    ImportRow.objects.filter(
        plan__created_at__lt=now - timedelta(days=30), plan__status=Status.APPLIED
    ).delete()
    return stale.delete()[0]


def errors_of(plan: ImportPlan) -> list[dict[str, object]]:
    """The first thousand errors, by row."""
    rows = ImportRow.objects.filter(plan=plan, action=ImportRow.Action.ERROR).order_by("number")
    found: list[dict[str, object]] = []
    for errors in rows.values_list("errors", flat=True)[:ERRORS_SHOWN]:
        found.extend(errors)
    return found[:ERRORS_SHOWN]


def with_errors(plan: ImportPlan) -> Invalid:
    number = plan.error_count
    sentence = (
        f"{number} {'row has' if number == 1 else 'rows have'} errors; nothing was written. "
        "Correct the file, or skip the rows with errors."
    )
    return Invalid(
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
    if options.date_format and options.date_format not in DATE_FORMATS:
        sentence = "Must be dmy or mdy."
        raise Invalid(sentence, fields={"date_format": [sentence]})
    if options.encoding and options.encoding not in ENCODINGS:
        sentence = f"Must be one of: {', '.join(ENCODINGS)}."
        raise Invalid(sentence, fields={"encoding": [sentence]})


def _check_appliable(plan: ImportPlan) -> None:
    if plan.status == Status.UNDONE:
        raise ImportUndone
    if plan.status == Status.FAILED:
        raise ImportFailed(plan.failure or None)
    if plan.status == Status.PLANNING:
        raise ImportNotReady


def _holds(plan: ImportPlan, claim: datetime) -> bool:
    return bool(
        ImportPlan.objects.filter(pk=plan.pk, status=Status.PLANNING, claimed_until=claim).update(
            done_rows=plan.done_rows
        )
    )


def _apply_in_worker(plan: ImportPlan, *, now: datetime) -> None:
    try:
        with transaction.atomic(durable=True):
            apply_plan(plan=plan, now=now, in_worker=True)
    except DomainError as error:
        # Errors in the rows: the plan stays for the learner to look at.
        ImportPlan.objects.filter(pk=plan.pk).update(
            status=Status.PLANNED,
            failure=error.message[:500],
            apply_when_planned=False,
            claimed_until=None,
        )


def _fail(plan: ImportPlan, message: str) -> None:
    ImportRow.objects.filter(plan=plan).delete()
    ImportPlan.objects.filter(pk=plan.pk).update(
        status=Status.FAILED, failure=message[:500], upload=None, claimed_until=None
    )
