"""The named staff action that sends finished evaluations back to the queue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from common.clock import iso
from common.jobs import send_on_commit
from evaluation.models import SCORES, Evaluation
from evaluation.services.requests import FRESH, RUN_TASK
from evaluation.transitions import move

KEPT = (
    "status",
    "provider",
    "model",
    "prompt_id",
    "band",
    *SCORES,
    "key_points",
    "withheld_reason",
    "error_code",
)
EMPTIED: dict[str, Any] = {
    **FRESH,
    **dict.fromkeys(SCORES),
    "band": "",
    "strengths": [],
    "improvements": [],
    "suggested_framework": "",
    "example_point": "",
    "key_points": [],
    "observations": [],
    "board_notes": [],
    "withheld_reason": "",
    "statement": "",
    "estimate": None,
    "injection_suspected": False,
}


@dataclass(frozen=True)
class ReevaluationReport:
    """`chosen` rows matched, `queued` were moved (others changed meanwhile or are still open)."""

    chosen: int
    queued: int


def reevaluate(
    *, evaluations: Iterable[Evaluation], provider: str | None = None, now: datetime
) -> ReevaluationReport:
    """Judge finished answers again; each former verdict is kept on its row. Costs no learner
    anything. One bad row never stops the rest; safe to run twice."""
    chosen = queued = 0
    for evaluation in evaluations:
        chosen += 1
        queued += _send_back(evaluation, provider=provider or evaluation.provider, now=now)
    return ReevaluationReport(chosen, queued)


@transaction.atomic(durable=True)
def _send_back(evaluation: Evaluation, *, provider: str, now: datetime) -> bool:
    if evaluation.is_open:
        return False
    former = {name: getattr(evaluation, name) for name in KEPT} | {"replaced_at": iso(now)}
    moved = move(
        evaluation.pk,
        source=evaluation.status,
        target=Evaluation.Status.QUEUED,
        by_staff=True,
        provider=provider,
        former_verdicts=[*evaluation.former_verdicts, former],
        **EMPTIED,
    )
    if moved:
        send_on_commit(RUN_TASK, evaluation.pk)
    return moved
