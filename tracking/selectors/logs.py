from __future__ import annotations

from datetime import date
from typing import Any

from tracking.models import Evidence, PracticeLog
from tracking.querysets import EvidenceQuerySet, PracticeLogQuerySet


def filtered_logs(
    user: Any,
    *,
    skill_id: int | None = None,
    date_from: date | None = None,
    date_to: date | None = None,
) -> PracticeLogQuerySet:
    """The learner's logs; both dates are included."""
    logs = PracticeLog.objects.visible_to(user).between(date_from, date_to)
    return logs if skill_id is None else logs.filter(skill_id=skill_id)


def filtered_evidence(
    user: Any, *, skill_id: int | None = None, practice_log_id: int | None = None
) -> EvidenceQuerySet:
    """A skill's evidence includes that of its logs."""
    rows = Evidence.objects.visible_to(user)
    if skill_id is not None:
        rows = rows.filter(skill_id=skill_id)
    return rows if practice_log_id is None else rows.filter(log_id=practice_log_id)
