"""Celery tasks on the queue `code`."""

from __future__ import annotations

from celery import shared_task

from judge.engines import current_engine
from judge.services.working import work as work_now


@shared_task(name="judge.work", time_limit=1800)
def work() -> int:
    """Run what is due. A message only wakes: which run comes next is read from the table."""
    return work_now(engine=current_engine())
