"""What the evaluation API answers."""

from __future__ import annotations

from typing import Any

from common.clock import iso
from evaluation.models import SCORES, Evaluation


def evaluation_output(evaluation: Evaluation) -> dict[str, Any]:
    """CONTRACT "Evaluation": only `succeeded` carries numbers, all others null."""
    scored = evaluation.status == Evaluation.Status.SUCCEEDED
    return {
        "evaluation_id": evaluation.pk,
        "id": evaluation.pk,
        "user": evaluation.owner_id,
        "kind": evaluation.kind,
        "status": evaluation.status,
        "stage": evaluation.stage or None,
        "hold": evaluation.hold or None,
        "provider": evaluation.provider,
        "model": evaluation.model or None,
        "band": (evaluation.band or None) if scored else None,
        **{name: getattr(evaluation, name) if scored else None for name in SCORES},
        "strengths": evaluation.strengths,
        "improvements": evaluation.improvements,
        "suggested_framework": evaluation.suggested_framework or None,
        "example_point": evaluation.example_point or None,
        "key_points": [point_output(point) for point in evaluation.key_points],
        "observations": evaluation.observations,
        "board_notes": evaluation.board_notes,
        "withheld_reason": evaluation.withheld_reason or None,
        "error": evaluation.error or None,
        "error_code": evaluation.error_code or None,
        "statement": evaluation.statement or None,
        "tries": evaluation.tries,
        "next_try_at": iso(evaluation.next_try_at),
        "created_at": iso(evaluation.created_at),
        "finished_at": iso(evaluation.finished_at),
    }


def point_output(point: dict[str, Any]) -> dict[str, Any]:
    return {name: point.get(name) for name in ("title", "level", "quotes", "board")}
