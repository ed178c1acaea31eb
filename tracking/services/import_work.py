"""The worker's part of an import: reads and applies files that are too long for a request.

The row is the queue: a lost nudge or a killed worker only delays, the beat looks again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from common.errors import DomainError, Invalid
from tracking.models import ImportPlan, ImportRow
from tracking.services.import_rows import Planner
from tracking.services.imports import apply_plan
from tracking.sheets import bounds
from tracking.sheets.readers import read_table

Status = ImportPlan.Status
CLAIM_FOR = timedelta(minutes=10)
BATCH = 1000


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
    if plan.status == Status.APPLYING:
        _apply(plan, now=now)
    return True


def make_large_plan(*, plan: ImportPlan, claim: datetime) -> None:
    """Read the kept file in batches, each committed so that progress shows.

    Starting anew drops what a killed worker left. `claim` fences: who lost it stops silently.
    Cells are read between the transactions: a database with one writer is not held up by that.
    """
    try:
        table = read_table(bytes(plan.upload or b""), encoding=plan.encoding)
        planner = Planner(plan, table.header, now=plan.created_at)
        if not _start_anew(plan, claim):
            return
        while batch := list(islice(table.rows, BATCH)):
            rows = planner.read(batch)
            if planner.number > bounds.MOST_ROWS:
                raise Invalid(f"A file may have at most {bounds.MOST_ROWS:,} rows.")
            with transaction.atomic(durable=True):
                if not _holds(plan, claim):
                    return
                planner.keep(rows)
        with transaction.atomic(durable=True):
            if _holds(plan, claim):
                if not plan.asks_date_format:
                    plan.upload = None
                planner.finish()
    except DomainError as error:
        _fail(plan, error.message)


def _start_anew(plan: ImportPlan, claim: datetime) -> bool:
    with transaction.atomic(durable=True):
        if not _holds(plan, claim):
            return False
        ImportRow.objects.filter(plan=plan).delete()
        return True


def _holds(plan: ImportPlan, claim: datetime) -> bool:
    held = ImportPlan.objects.filter(pk=plan.pk, status=Status.PLANNING, claimed_until=claim)
    return bool(held.update(done_rows=plan.done_rows, total_rows=plan.total_rows))


def _apply(plan: ImportPlan, *, now: datetime) -> None:
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


def give_up(*, plan_id: str) -> None:
    """A file that cannot be worked on is refused, and nothing of it is kept."""
    waiting = ImportPlan.objects.filter(pk=plan_id, status__in=[Status.PLANNING, Status.APPLYING])
    for plan in waiting:
        _fail(plan, "This file could not be read because of an error on our side.")


def _fail(plan: ImportPlan, message: str) -> None:
    ImportRow.objects.filter(plan=plan).delete()
    ImportPlan.objects.filter(pk=plan.pk).update(
        status=Status.FAILED, failure=message[:500], upload=None, claimed_until=None
    )


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
