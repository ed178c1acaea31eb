from celery import shared_task

from common import clock, retention


@shared_task(name="common.forget_old_keys")
def forget_old_keys() -> None:
    retention.run(now=clock.now(), names=["idempotency_keys"])


@shared_task(name="common.remove_expired")
def remove_expired() -> None:
    """The nightly run over every kind; what it removed is in the log."""
    retention.run(now=clock.now())
