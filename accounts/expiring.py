"""What accounts keeps until it ends by itself (`common.retention`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.sessions.models import Session

from accounts.models import ApiToken, AuditEntry
from accounts.services.audit import forget_due
from common.retention import Kind, Sweep, register


def register_expiring() -> None:
    sign_ins, tokens = Session.objects, ApiToken.objects
    register(Kind("sign_ins", "Expired sign-ins", lambda now: sign_ins.filter(expire_date__lt=now)))
    register(Kind("tokens", "Expired API tokens", lambda now: tokens.filter(expiry__lt=now)))
    register(Sweep("audit", "Audit entries", _due_entries, _forget_entries))


def _due_entries(now: datetime) -> int:
    return AuditEntry.objects.due(now).count()


def _forget_entries(now: datetime) -> Iterator[int]:
    return forget_due(now=now)
