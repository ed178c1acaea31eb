from __future__ import annotations

import logging

from celery import shared_task

from common import clock, retention
from tracking.expiring import NAMES
from tracking.services import import_work, mail

logger = logging.getLogger(__name__)


@shared_task(name="tracking.work_on_import")
def work_on_import(plan_id: str) -> None:
    try:
        import_work.work_on_import(plan_id=plan_id, now=clock.now())
    except Exception:
        # A file that raises here would raise at every try: refuse it and log why.
        logger.exception("import %s could not be worked on", plan_id)
        import_work.give_up(plan_id=plan_id)


@shared_task(name="tracking.work_on_waiting_imports")
def work_on_waiting_imports() -> None:
    """Plans whose message was lost, or whose worker died."""
    import_work.requeue_stalled(now=clock.now())


@shared_task(name="tracking.sweep")
def sweep() -> None:
    retention.run(now=clock.now(), names=NAMES)


@shared_task(name="tracking.send_due_mails")
def send_due_mails() -> None:
    report = mail.send_due_mails(now=clock.now())
    if report.sent or report.failed:
        logger.info("reminders and summaries: %s sent, %s failed", report.sent, report.failed)
