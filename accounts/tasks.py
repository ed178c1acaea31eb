from __future__ import annotations

import logging

from celery import shared_task

from accounts.services import closed_accounts, storage, usage
from common import clock

logger = logging.getLogger(__name__)


@shared_task(name="accounts.release_stale_reservations")
def release_stale_reservations() -> None:
    released = usage.release_stale(now=clock.now())
    if released:
        logger.info("released %s stale reservations", released)


@shared_task(name="accounts.forget_closed_accounts")
def forget_closed_accounts() -> None:
    forgotten = closed_accounts.forget_closed_accounts(now=clock.now())
    if forgotten:
        logger.info("forgot %s uses of deleted accounts", forgotten)


@shared_task(name="accounts.recount_storage")
def recount_storage() -> None:
    """Counters that a repair or a change by hand left behind follow their rows again."""
    for one in storage.drifted():
        found = storage.recount(user_id=one.user_id)
        if found.before != found.after:
            logger.info("storage of user %s: %s, was %s", one.user_id, found.after, found.before)
