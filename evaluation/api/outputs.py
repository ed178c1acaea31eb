"""What the evaluation API answers: each class is the JSON and its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from common.http.outputs import filled
from evaluation.models import SCORES, Evaluation

BLANK_AS_NULL = (
    *("stage", "hold", "model", "scoring_version", "suggested_framework", "example_point"),
    *("withheld_reason", "error", "error_code", "statement"),
)


@dataclass(frozen=True)
class QuoteOutput:
    text: str
    start: Annotated[int, {"help_text": "Offset in code points of the answer."}]
    end: int


@dataclass(frozen=True)
class KeyPointOutput:
    title: str
    level: Annotated[
        Literal["met", "partial", "missed", "denied"],
        {"help_text": "`denied`: the answer says the opposite; `quotes` show where."},
    ]
    quotes: list[QuoteOutput]
    board: list[str]
    why: str

    @classmethod
    def of(cls, point: dict[str, Any]) -> Self:
        """From a key point as `services.storing` keeps it."""
        quotes, board = point.get("quotes") or [], point.get("board") or []
        return cls(point["title"], point["level"], quotes, board, point.get("why") or "")


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
    scoring_version: Annotated[
        str | None, {"help_text": "Of formula, thresholds and bands; null before a verdict."}
    ]
    band: Literal["weak", "partial", "strong"] | None
    overall_score: Annotated[
        float | None,
        _about("Mean of coverage estimate and key points (local) or weighted findings (a model)"),
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
    follow_ups: Annotated[
        list[str], {"help_text": "Questions an interviewer would ask next; empty before a verdict."}
    ]
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
        return filled(
            cls,
            row,
            evaluation_id=row.pk,
            user=row.owner_id,
            key_points=[KeyPointOutput.of(point) for point in row.key_points],
            follow_ups=row.follow_up_questions if row.overall_score is not None else [],
            **{name: getattr(row, name) or None for name in BLANK_AS_NULL},
            **({} if scored else dict.fromkeys(("band", *SCORES))),
        )
