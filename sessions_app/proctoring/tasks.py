from __future__ import annotations

import logging

from celery import shared_task

from common import clock
from sessions_app.proctoring.services.similarity import compare_answers
from sessions_app.proctoring.services.sweeping import looks_for_lost_rows, sweep_sessions

__all__ = ["compare_scored_answers", "sweep_test_sessions"]

log = logging.getLogger(__name__)


@shared_task(name="sessions_app.sweep_test_sessions")
def sweep_test_sessions() -> None:
    now = clock.now()
    report = sweep_sessions(now=now, with_lost=looks_for_lost_rows(now))
    if report.web_away_since:
        log.warning("tests are not swept: no web process heard of since %s", report.web_away_since)
    if report.total or report.failed or report.given_back_seconds:
        log.info(
            "swept tests: %s, failed %s, given back %.0f s",
            report.closed,
            len(report.failed),
            report.given_back_seconds,
        )


@shared_task(name="sessions_app.compare_scored_answers")
def compare_scored_answers() -> None:
    if compared := compare_answers(now=clock.now()):
        log.info("compared %s scored answers with others", compared)
