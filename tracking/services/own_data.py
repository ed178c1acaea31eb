"""Export-my-data and delete-me, for what this app holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from accounts.models import User
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
    held = {
        model._meta.model_name or "": [
            {name: v.isoformat() if isinstance(v, date) else v for name, v in row.items()}
            for row in model._default_manager.filter(user=user).order_by("pk").values()
        ]
        for model in HELD
    }
    plans = ImportPlan.objects.filter(user=user).order_by("created_at").defer("upload")
    held["importplan"] = [
        {"plan_id": str(plan.pk), "filename": plan.filename, "status": plan.status}
        for plan in plans
    ]
    return held


def erase_tracking(user: User) -> None:
    for model in HELD:
        model._default_manager.filter(user=user).delete()
    ImportRow.objects.filter(plan__user=user).delete()
    ImportPlan.objects.filter(user=user).delete()
