"""Export-my-data and delete-me for evaluations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.personal_data import Each
from common.clock import iso
from evaluation.models import SCORES, Evaluation
from evaluation.policies import hide_secret_outcome

if TYPE_CHECKING:
    from accounts.models import User


def export_evaluations(user: User) -> Each:
    """Every judgment of one's answers, with the answer and what one objected to, oldest first.

    An outcome that its subject still keeps secret is left blank, as everywhere else.
    """
    rows = Evaluation.objects.visible_to(user).prefetch_related("objections").order_by("pk")
    return Each([rows], _evaluation)


def _evaluation(stored: Evaluation) -> dict[str, Any]:
    row = hide_secret_outcome(stored)
    words = ("kind", "status", "provider", "model", "band", *SCORES, "strengths", "improvements")
    return {
        "evaluation_id": row.pk,
        "created_at": iso(row.created_at),
        "finished_at": iso(row.finished_at),
        "question": row.input["rubric"]["prompt"],
        "answer": row.answer,
        **{name: getattr(row, name) for name in words},
        "key_points": row.key_points,
        "withheld_reason": row.withheld_reason,
        "objections": [
            {
                "key_point": o.point_title,
                "note": o.note,
                "at": iso(o.created_at),
                "answer": o.answer,
                "answered_at": iso(o.resolved_at),
            }
            for o in row.objections.all()
        ],
    }


@transaction.atomic
def erase_evaluations(user: User) -> None:
    """All of them. The records of paid calls stay, without the person."""
    Evaluation.objects.visible_to(user).delete()


def erase_some(evaluation_ids: Iterable[int]) -> None:
    """Those whose answers are deleted; joins the caller's transaction."""
    Evaluation.objects.filter(pk__in=list(evaluation_ids)).delete()
