"""How long diagnoses, repairs and reports are kept (`common.retention`)."""

from __future__ import annotations

from common.retention import Kind, register
from diagnostics.models import DiagnosticRun, RepairRun, UserErrorReport

RUNNING = RepairRun.Status.APPLYING


def register_expiring() -> None:
    runs, repairs, reports = DiagnosticRun.objects, RepairRun.objects, UserErrorReport.objects
    for kind in (
        Kind(
            "diagnoses", "Diagnoses", lambda before: runs.filter(started_at__lt=before), "reports"
        ),
        Kind(
            "repairs",
            "Repairs, which can then no longer be undone",
            lambda before: repairs.filter(planned_at__lt=before).exclude(status=RUNNING),
            "reports",
            batch=20,
        ),
        Kind(
            "error_reports",
            "Reports of error pages",
            lambda before: reports.filter(created_at__lt=before),
            "reports",
        ),
    ):
        register(kind)
