"""What of the judge is removed by itself (`common.retention`); runs belong to their subjects."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from common.retention import Kind, register
from judge.models import CaseSet


def register_expiring() -> None:
    register(Kind("case_sets", "Cases that no run refers to any more", unused_case_sets))


def unused_case_sets(now: datetime) -> QuerySet[Any]:
    """A day old at least: a request may be about to refer to a new one."""
    return CaseSet.objects.filter(runs__isnull=True, created_at__lt=now - timedelta(days=1))
