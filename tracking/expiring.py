"""How long deleted things and imports are kept (`common.retention`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from common.retention import Kind, register
from common.row_limits import limit_of
from tracking.models import ImportPlan, ImportRow, Trash
from tracking.services.trash import KEPT_FOR

NAMES = ("trash", "import_plans", "import_rows")
PLAN_KEPT_FOR = timedelta(days=7)
ROWS_KEPT_FOR = timedelta(days=30)
Status = ImportPlan.Status


def register_expiring() -> None:
    trash = Trash.objects
    for kind in (
        Kind("trash", "Deleted things", lambda now: trash.filter(deleted_at__lt=now - KEPT_FOR)),
        Kind("import_plans", "Imports that were not applied", stale_plans, batch=1),
        Kind("import_rows", "Rows of imports that were applied", old_rows, batch=5000),
    ):
        register(kind)


def stale_plans(now: datetime) -> QuerySet[Any]:
    """Old, or not among the newest of their learner."""
    unused = ImportPlan.objects.filter(status__in=[Status.PLANNED, Status.FAILED, Status.UNDONE])
    old = Q(created_at__lt=now - PLAN_KEPT_FOR)
    return unused.annotate(newer=_newer()).filter(old | Q(newer__gte=limit_of("imports_kept")))


def old_rows(now: datetime) -> QuerySet[Any]:
    """The import can still be undone without them: its logs carry the plan."""
    applied = ImportPlan.objects.filter(status=Status.APPLIED).annotate(newer=_newer())
    old = Q(created_at__lt=now - ROWS_KEPT_FOR) | Q(newer__gte=limit_of("imports_kept"))
    return ImportRow.objects.filter(plan__in=applied.filter(old).values("pk"))


def _newer() -> Subquery:
    """How many imports of the same learner came after."""
    others = ImportPlan.objects.filter(
        user_id=OuterRef("user_id"), created_at__gt=OuterRef("created_at")
    )
    return Subquery(others.order_by().values("user_id").annotate(n=Count("pk")).values("n"))
