"""Export-my-data and delete-me, for what this app holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from accounts.models import User
from accounts.personal_data import Each
from tracking.models import (
    Evidence,
    ImportPlan,
    ImportRow,
    MailSent,
    PracticeLog,
    Skill,
    StreakPause,
    Trash,
)

# Children first, as they are erased.
HELD: tuple[type[models.Model], ...] = (
    Evidence,
    PracticeLog,
    Skill,
    StreakPause,
    Trash,
    MailSent,
)


def export_tracking(user: User) -> dict[str, Any]:
    """Every row about a user, JSON-ready; import plans as their summaries."""
    held: dict[str, Any] = {
        model._meta.model_name or "": Each(
            [model._default_manager.filter(user=user).order_by("pk")], _columns
        )
        for model in HELD
    }
    plans = ImportPlan.objects.filter(user=user).order_by("created_at").defer("upload")
    held["importplan"] = [
        {"plan_id": str(plan.pk), "filename": plan.filename, "status": plan.status}
        for plan in plans
    ]
    return held


def _columns(row: models.Model) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items()}


def erase_tracking(user: User) -> None:
    for model in HELD:
        model._default_manager.filter(user=user).delete()
    ImportRow.objects.filter(plan__user=user).delete()
    ImportPlan.objects.filter(user=user).delete()
