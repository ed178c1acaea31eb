"""The worker's part of an import: reads and applies files that are too long for a request.

A lost message or a killed worker only delays it: the beat task finds the plan.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from common.errors import DomainError, Invalid
from common.jobs import RELEASED, requeue
from tracking.models import ImportPlan, ImportRow
from tracking.services.import_rows import Planner, ask_for_columns
from tracking.services.imports import apply_plan
from tracking.sheets import bounds
from tracking.sheets.readers import Table, read_table

Status = ImportPlan.Status
LEASE = timedelta(minutes=10)
MAX_TRIES = 5
BATCH = 1000


def work_on_import(*, plan_id: str, now: datetime) -> bool:
    """Claim a waiting plan and work on it; False when another worker holds it or it is done."""
    plan = ImportPlan.objects.claim(plan_id, now=now, lease=LEASE)
    if plan is None:
        return False
    if plan.status == Status.PLANNING:
        make_large_plan(plan=plan)
        plan.refresh_from_db()
    if plan.status != Status.APPLYING:
        return True
    try:
        with transaction.atomic(durable=True):
            apply_plan(plan=plan, now=now, in_worker=True)
    except DomainError as error:
        # Errors in the rows: the plan stays for the learner to look at.
        ImportPlan.objects.filter(pk=plan.pk).update(
            **RELEASED, status=Status.PLANNED, error=error.message, apply_when_planned=False
        )
    return True


def make_large_plan(*, plan: ImportPlan) -> None:
    """Read the stored file in batches, each committed so that progress shows.

    Starting anew deletes the rows of a killed worker. A worker that lost its claim stops silently.
    Cells are read between the transactions, so that a database with one writer is not blocked by
    that.
    """
    try:
        table = read_table(bytes(plan.upload or b""), encoding=plan.encoding)
        try:
            planner = Planner(plan, table, now=plan.created_at)
        except Invalid as error:
            return _ask(plan, table, error)
        batch_size = max(1, BATCH // planner.columns.sessions_a_row)
        with transaction.atomic(durable=True):
            if not _holds(plan):
                return None
            ImportRow.objects.filter(plan=plan).delete()
        while batch := list(islice(table.rows, batch_size)):
            rows = planner.read(batch)
            if max(planner.number, planner.sessions) > bounds.MOST_ROWS:
                raise Invalid(f"A file may have at most {bounds.MOST_ROWS:,} rows.")
            with transaction.atomic(durable=True):
                if not _holds(plan):
                    return None
                planner.keep(rows)
        with transaction.atomic(durable=True):
            if _holds(plan):
                if not planner.may_be_asked:
                    plan.upload = None
                planner.finish()
    except DomainError as error:
        _fail(plan, error.message)


@transaction.atomic(durable=True)
def _ask(plan: ImportPlan, table: Table, error: Invalid) -> None:
    """Raises the error where the learner cannot help."""
    if _holds(plan):
        ask_for_columns(plan, table, error)
        plan.save()


def _holds(plan: ImportPlan) -> bool:
    held = ImportPlan.objects.held_by(plan).filter(status=Status.PLANNING)
    return bool(held.update(done_rows=plan.done_rows, total_rows=plan.total_rows))


def give_up(*, plan_id: str) -> None:
    """Refuse a file that cannot be worked on, and keep nothing of it."""
    for plan in ImportPlan.objects.unfinished().filter(pk=plan_id):
        _fail(plan, "This file could not be read because of an error on our side.")


def _fail(plan: ImportPlan, message: str) -> None:
    ImportRow.objects.filter(plan=plan).delete()
    ImportPlan.objects.filter(pk=plan.pk).update(
        **RELEASED, status=Status.FAILED, error=message, upload=None
    )


def requeue_stalled(*, now: datetime) -> int:
    """Wake workers for plans whose message was lost, or whose worker died; a file that ended its
    worker five times is refused. Counts both."""
    return requeue(
        ImportPlan.objects.due_at(now).order_by("created_at"),
        task_name="tracking.work_on_import",
        max_tries=MAX_TRIES,
        give_up=lambda plan: give_up(plan_id=plan.pk),
    )
