"""The console of operators: runs with their findings, repairs with their rows, reports of people.
Every change goes through the same services as the command and the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from common import clock
from common.admin import ReadOnly
from common.locks import one_at_a_time
from diagnostics.admin_findings import FindingAdmin
from diagnostics.admin_repairs import OwnPages, RepairRunAdmin
from diagnostics.forms import PlanForm
from diagnostics.models import DiagnosticRun, RepairRun, UserErrorReport
from diagnostics.selectors.console_runs import diagnosis_of
from diagnostics.services.diagnose import diagnose
from diagnostics.services.repair import plan_repairs

__all__ = ["DiagnosticRunAdmin", "FindingAdmin", "RepairRunAdmin", "UserErrorReportAdmin"]

PRESSED_TWICE = timedelta(seconds=10)


@admin.register(DiagnosticRun)
class DiagnosticRunAdmin(OwnPages, admin.ModelAdmin):
    list_display = ["id", "started_at", "trigger", "critical", "high", "medium", "low"]
    list_filter = ["trigger"]
    date_hierarchy = "started_at"
    list_select_related = ["requested_by"]
    change_list_template = "admin/diagnostics/runs.html"

    def get_urls(self) -> list[Any]:
        own = [
            path("run", self.admin_site.admin_view(self.run_now), name="diagnostics_run"),
            path("plan", self.admin_site.admin_view(self.plan_now), name="diagnostics_plan"),
            path("trends", self.admin_site.admin_view(self.trends), name="diagnostics_trends"),
        ]
        return own + super().get_urls()

    def trends(self, request: HttpRequest) -> HttpResponse:
        self._require(self.has_view_permission(request))
        return self.own_page(request, "trends", title="Trend of each check")

    def _require(self, allowed: bool) -> None:  # noqa: FBT001
        if not allowed:
            raise PermissionDenied

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        run = self.seen_by(request, object_id)
        return self.own_page(
            request,
            "diagnosis",
            title=f"Diagnosis {run.pk}",
            run=run,
            diagnosis=diagnosis_of(run),
            may_plan=self.has_view_permission(request),
        )

    @one_at_a_time("diagnose")
    def run_now(self, request: HttpRequest) -> HttpResponse:
        self._require(self.has_view_permission(request))
        if request.method == "POST":
            user: Any = request.user
            # A second click shows what the first one found.
            just_made = DiagnosticRun.objects.filter(
                trigger="admin",
                requested_by=user,
                finished_at__gt=clock.now() - PRESSED_TWICE,
            ).first()
            run = just_made or diagnose(trigger="admin", now=clock.now(), requested_by=user)[0]
            return redirect("admin:diagnostics_diagnosticrun_change", run.pk)
        return redirect("admin:diagnostics_diagnosticrun_changelist")

    @one_at_a_time("plan")
    def plan_now(self, request: HttpRequest) -> HttpResponse:
        """The page's key becomes the plan's: a second click finds the plan of the first."""
        self._require(self.has_view_permission(request))
        if request.method != "POST":
            return redirect("admin:diagnostics_diagnosticrun_changelist")
        form = PlanForm(request.POST)
        run_id = form.cleaned_data["key"] if form.is_valid() else None
        if run_id is None or not RepairRun.objects.filter(pk=run_id).exists():
            planned = plan_repairs(
                trigger="admin", now=clock.now(), planned_by=request.user, run_id=run_id
            )
            run_id = planned.pk
        return redirect("admin:diagnostics_repairrun_change", run_id)


@admin.register(UserErrorReport)
class UserErrorReportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["created_at", "path", "request_id", "user", "note"]
    search_fields = ["request_id", "path", "note"]
    list_select_related = ["user"]
