"""Periodic tasks of the schedule in config/celery.py."""

from __future__ import annotations

import logging

from celery import shared_task

from common import clock
from sessions_app.interviews.services import end_forgotten_sessions

logger = logging.getLogger(__name__)


@shared_task(name="sessions_app.end_forgotten_sessions")
def end_forgotten() -> int:
    """End interview sessions that were left open; how many."""
    report = end_forgotten_sessions(now=clock.now())
    if report.checked:
        logger.info("forgotten interview sessions: %s", report)
    return report.ended
