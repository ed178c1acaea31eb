"""What common keeps for a while (`common.retention`)."""

from __future__ import annotations

from common.http.idempotency import KEPT_FOR
from common.models import IdempotencyKey
from common.retention import Kind, register


def register_expiring() -> None:
    keys = IdempotencyKey.objects
    register(
        Kind(
            "idempotency_keys",
            "Idempotency keys",
            lambda now: keys.filter(created_at__lt=now - KEPT_FOR),
        )
    )
