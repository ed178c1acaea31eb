from celery import shared_task

from common import clock
from common.http.idempotency import KEPT_FOR
from common.models import IdempotencyKey


@shared_task(name="common.forget_old_keys")
def forget_old_keys() -> None:
    IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()
