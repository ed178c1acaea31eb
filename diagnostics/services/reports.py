"""“Report this”: a person's report of an error page or message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.redaction import redacted
from diagnostics.models import UserErrorReport


def record_report(
    *, user: Any, request_id: str, path: str, note: str, now: datetime
) -> UserErrorReport:
    return UserErrorReport.objects.create(
        user=user if getattr(user, "is_authenticated", False) else None,
        request_id=request_id[:64],
        path=redacted(path)[:300],
        note=note[:2000],
        created_at=now,
    )
