"""Celery tasks: they look at the queue and call the services."""

from __future__ import annotations

from celery import shared_task

from common.clock import now
from evaluation.services.queue import requeue_stalled
from evaluation.services.running import run_evaluation


@shared_task(name="evaluation.run")
def run(evaluation_id: int) -> str:
    """Judge one answer, if nobody else holds it. Safe to run twice and at once."""
    return run_evaluation(evaluation_id=evaluation_id)


@shared_task(name="evaluation.requeue_stalled")
def requeue_stalled_evaluations() -> int:
    """Wake workers for whatever is due: lost messages, retries, silent holders."""
    return requeue_stalled(now=now())
