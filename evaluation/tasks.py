"""Celery tasks: they look at the queue and call the services."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from common.clock import now
from evaluation.services.queue import requeue_stalled
from evaluation.services.running import run_evaluation

# A try that outlives its claim can store nothing any more: the worker is freed for others.
LONGEST_SECONDS = max(60, settings.EVALUATION_LEASE_SECONDS)


@shared_task(name="evaluation.run", time_limit=LONGEST_SECONDS)
def run(evaluation_id: int) -> str:
    """Judge one answer, if no other worker holds it. Safe to run twice and at once."""
    return run_evaluation(evaluation_id=evaluation_id)


@shared_task(name="evaluation.requeue_stalled")
def requeue_stalled_evaluations() -> int:
    """Wake workers for all that is due: lost messages, retries, claims that ran out."""
    return requeue_stalled(now=now())
