"""What a client sends."""

from __future__ import annotations

from typing import Any

LOGS = "/api/v1/practice-logs"


def body_for(skill: Any, **changes: Any) -> dict[str, Any]:
    body = {
        "skill_id": skill.pk,
        "date_practiced": "2026-03-01",
        "duration_minutes": 120,
        "description": "Built a todo app",
    }
    return {**body, **changes}
