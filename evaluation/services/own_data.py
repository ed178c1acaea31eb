"""What evaluation holds of a person, for export-my-data and delete-me."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from common import clock
from evaluation.models import Evaluation

TOLD = (
    "id",
    "kind",
    "status",
    "provider",
    "band",
    "overall_score",
    "framework_score",
    "structure_score",
    "completeness_score",
    "strengths",
    "improvements",
    "key_points",
    "withheld_reason",
)


def export_evaluations(user: User) -> list[dict[str, Any]]:
    """Each verdict with the answer it judged and the learner's objections to it."""
    rows = Evaluation.objects.filter(owner=user).order_by("pk").prefetch_related("objections")
    return [
        {
            **{name: getattr(row, name) for name in TOLD},
            "answer": row.answer,
            "created_at": clock.iso(row.created_at),
            "objections": [{"point": o.point_title, "note": o.note} for o in row.objections.all()],
        }
        for row in rows.iterator(chunk_size=200)
    ]


def erase_evaluations(user: User) -> None:
    """Calls stay for the books, without the name (`owner` is set null)."""
    Evaluation.objects.filter(owner=user).delete()
