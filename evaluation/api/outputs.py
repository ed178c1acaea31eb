"""What the evaluation API answers: each class is the JSON and its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from evaluation.models import Evaluation


@dataclass(frozen=True)
class QuoteOutput:
    text: str
    start: Annotated[int, {"help_text": "Offset in code points of the answer."}]
    end: int


@dataclass(frozen=True)
class KeyPointOutput:
    title: str
    level: Literal["met", "partial", "missed"]
    quotes: list[QuoteOutput]
    board: list[str]

    @classmethod
    def of(cls, point: dict[str, Any]) -> Self:
        """From a key point as `services.storing` keeps it."""
        return cls(*(point.get(name) for name in ("title", "level", "quotes", "board")))


@dataclass(frozen=True)
class ObservationOutput:
    group: Literal["framework", "structure"]
    title: str
    found: bool
    quote: QuoteOutput | None


def _about(what: str) -> dict[str, Any]:
    return {"min_value": 0, "max_value": 10, "help_text": f"{what}, 0–10; null unless scored."}


@dataclass(frozen=True)
class EvaluationOutput:
    """Only `succeeded` carries numbers, all others null."""

    evaluation_id: int
    id: int
    user: int
    kind: str
    status: Annotated[str, Evaluation.Status]
    stage: str | None
    hold: str | None
    provider: Annotated[str, Evaluation.Provider]
    model: str | None
    band: Literal["weak", "partial", "strong"] | None
    overall_score: Annotated[
        float | None, _about("Coverage estimate (local) or weighted findings (Claude)")
    ]
    framework_score: Annotated[float | None, _about("Share of the framework's steps seen")]
    structure_score: Annotated[float | None, _about("Share of the structure's steps seen")]
    completeness_score: Annotated[
        float | None, _about("Weighted share of key points met, a partial one counts half")
    ]
    strengths: list[str]
    improvements: list[str]
    suggested_framework: str | None
    example_point: str | None
    key_points: list[KeyPointOutput]
    observations: list[ObservationOutput]
    board_notes: list[str]
    withheld_reason: str | None
    error: str | None
    error_code: str | None
    statement: str | None
    tries: int
    next_try_at: datetime | None
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Evaluation) -> Self:
        scored = row.status == Evaluation.Status.SUCCEEDED
        return cls(
            evaluation_id=row.pk,
            id=row.pk,
            user=row.owner_id,
            kind=row.kind,
            status=row.status,
            stage=row.stage or None,
            hold=row.hold or None,
            provider=row.provider,
            model=row.model or None,
            band=(row.band or None) if scored else None,
            overall_score=row.overall_score if scored else None,
            framework_score=row.framework_score if scored else None,
            structure_score=row.structure_score if scored else None,
            completeness_score=row.completeness_score if scored else None,
            strengths=row.strengths,
            improvements=row.improvements,
            suggested_framework=row.suggested_framework or None,
            example_point=row.example_point or None,
            key_points=[KeyPointOutput.of(point) for point in row.key_points],
            observations=row.observations,  # stored in this shape
            board_notes=row.board_notes,
            withheld_reason=row.withheld_reason or None,
            error=row.error or None,
            error_code=row.error_code or None,
            statement=row.statement or None,
            tries=row.tries,
            next_try_at=row.next_try_at,
            created_at=row.created_at,
            finished_at=row.finished_at,
        )
