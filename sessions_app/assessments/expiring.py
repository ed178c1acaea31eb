"""What of the question bank is removed by itself (`common.retention`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from common.retention import Kind, register
from judge.models import CodeRun
from sessions_app.assessments.services.checking import QUESTION_CHECK

CHECKS_KEPT = timedelta(days=1)


def register_expiring() -> None:
    register(Kind("question_checks", "Checks of coding questions", old_checks))


def old_checks(now: datetime) -> QuerySet[Any]:
    """Also those that no runner ever took: whoever asked has left the page."""
    return CodeRun.objects.filter(kind=QUESTION_CHECK, created_at__lt=now - CHECKS_KEPT)
