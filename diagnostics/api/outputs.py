"""What the API of diagnoses answers: each class is the JSON and its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from diagnostics.models import DiagnosticRun, RepairAction, RepairRun
from diagnostics.services.diagnose import DiagnosisReport
from diagnostics.services.repair import report_of

SHOWN_ACTIONS = 100


@dataclass(frozen=True)
class DiagnosisOutput(DiagnosisReport):
    """Issues only of checks that found something or broke; `summary` counts by severity."""

    run_id: int

    @classmethod
    def of(cls, run: DiagnosticRun, report: DiagnosisReport) -> Self:
        return cls(**vars(report), run_id=run.pk)


@dataclass(frozen=True)
class RepairActionOutput:
    """One repaired row; `rows` is how many rows it may touch."""

    check: str
    action: str
    model: str
    id: str
    user_id: int | None
    state: str
    note: str
    rows: int

    @classmethod
    def of(cls, action: RepairAction) -> Self:
        return cls(
            check=action.check_name,
            action=action.action,
            model=action.model,
            id=action.row_pk,
            user_id=action.user_id_ref,
            state=action.state,
            note=action.note or action.details.get("note", ""),
            rows=len(action.before),
        )


@dataclass(frozen=True)
class RepairOutput:
    """How many actions ended how, and the first hundred of them; `broken` are checks that failed,
    with the reason."""

    dry_run: bool
    run_id: str
    state: str
    actions: list[RepairActionOutput]
    planned: int
    applied: int
    skipped: int
    failed: int
    broken: dict[str, str]

    @classmethod
    def of(cls, run: RepairRun, *, dry_run: bool, now: datetime) -> Self:
        counts = report_of(run, now=now)
        shown = run.actions.order_by("pk")[:SHOWN_ACTIONS]
        return cls(
            dry_run=dry_run,
            run_id=str(run.pk),
            state=run.status,
            actions=[RepairActionOutput.of(action) for action in shown],
            planned=counts.planned,
            applied=counts.applied,
            skipped=counts.skipped,
            failed=counts.failed,
            broken=counts.broken,
        )
