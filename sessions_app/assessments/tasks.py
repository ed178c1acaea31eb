from __future__ import annotations

import logging

from celery import shared_task

from common.jobs import send_on_commit
from sessions_app.assessments.services.invitations import TASK, send_due_invitations

__all__ = ["send_invitations"]

log = logging.getLogger(__name__)


@shared_task(name=TASK)
def send_invitations() -> None:
    report = send_due_invitations()
    if report.sent or report.refused or report.broken:
        log.info(
            "invitations: %s sent, %s refused, %s broken off",
            report.sent,
            report.refused,
            report.broken,
        )
    if report.more:
        send_on_commit(TASK)
