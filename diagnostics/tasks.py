from __future__ import annotations

from celery import shared_task

from common import clock
from diagnostics.services import applying, nightly


@shared_task(name="diagnostics.nightly")
def run_nightly() -> None:
    nightly.run_nightly(now=clock.now())


@shared_task(name="diagnostics.apply_repair")
def apply_repair(run_id: str) -> None:
    applying.apply_in_worker(run_id=run_id, now=clock.now())


@shared_task(name="diagnostics.continue_repairs")
def continue_repairs() -> None:
    """Repairs asked for whose worker died or whose message was lost."""
    applying.continue_repairs(now=clock.now())
