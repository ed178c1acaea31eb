"""The named staff action that sends finished evaluations back to the queue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.clock import iso
from common.jobs import send_on_commit
from evaluation.models import SCORES, Evaluation
from evaluation.services.requests import FRESH, RUN_TASK
from evaluation.transitions import move

KEPT = (
    *("status", "provider", "model", "prompt_id", "scoring_version", "band"),
    *SCORES,
    *("key_points", "withheld_reason", "error_code"),
)


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
        if evaluation.is_open:
            continue
        former = {name: getattr(evaluation, name) for name in KEPT} | {"replaced_at": iso(now)}
        emptied = Evaluation.without_verdict()
        emptied |= {"estimate": None, "injection_suspected": False, "model": ""}
        with transaction.atomic(durable=True):
            if move(
                evaluation.pk,
                source=evaluation.status,
                target=Evaluation.Status.QUEUED,
                by_staff=True,
                provider=provider or evaluation.provider,
                former_verdicts=[*evaluation.former_verdicts, former],
                **FRESH,
                **emptied,
            ):
                queued += 1
                send_on_commit(RUN_TASK, evaluation.pk)
    return ReevaluationReport(chosen, queued)
