"""The console of operators: runs with their findings, repairs with their rows, reports of people.
What changes anything goes through the same services as the command and the API."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common import clock
from common.errors import DomainError
from diagnostics.models import DiagnosticRun, Finding, RepairAction, RepairRun, UserErrorReport
from diagnostics.services.applying import apply_run
from diagnostics.services.diagnose import diagnose
from diagnostics.services.repair import RepairReport, plan_repairs
from diagnostics.services.undoing import undo_run
from diagnostics.templatetags.console import severity

SHOWN = 5
SENTENCES = {
    "apply_plans": "Rows that have changed since the plan are left alone. Every row keeps its "
    "image, so that the repair can be undone.",
    "undo_repairs": "Every repaired row gets back what it held before. Rows that somebody has "
    "changed since are left alone and named.",
}


class ReadOnlyMixin:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.display(description="severity", ordering="severity")
def severity_word(row: Finding) -> SafeString:
    return severity(row.severity)


@admin.display(description="some of them")
def sample_lines(row: Finding) -> SafeString | str:
    """What the check saw, a line each, instead of raw JSON."""
    lines = [(p["model"], p["id"], p["note"]) for p in row.sample[:SHOWN]]
    if not lines:
        return "–"
    items = format_html_join("", "<li>{} {}: {}</li>", lines)
    return format_html('<ul class="console-sample">{}</ul>', items)


class FindingInline(ReadOnlyMixin, admin.TabularInline):
    model = Finding
    fields = [severity_word, "title", "count", "fixable", "error", sample_lines, "seconds"]
    readonly_fields = [severity_word, sample_lines]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        """What found something stands first."""
        return super().get_queryset(request).order_by("-count", "pk")


@admin.register(DiagnosticRun)
class DiagnosticRunAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["id", "started_at", "trigger", "critical", "high", "medium", "low"]
    fields = [
        ("started_at", "finished_at"),
        ("trigger", "requested_by", "user_id_filter"),
        ("critical", "high", "medium", "low"),
    ]
    list_filter = ["trigger"]
    date_hierarchy = "started_at"
    inlines = [FindingInline]
    change_list_template = "admin/diagnostics/runs.html"

    def get_urls(self) -> list[Any]:
        own = [
            path("run", self.admin_site.admin_view(self.run_now), name="diagnostics_run"),
            path("plan", self.admin_site.admin_view(self.plan_now), name="diagnostics_plan"),
            path("trends", self.admin_site.admin_view(self.trends), name="diagnostics_trends"),
        ]
        return own + super().get_urls()

    def trends(self, request: HttpRequest) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": "Trend of each check"}
        return TemplateResponse(request, "admin/diagnostics/trends.html", context)

    def run_now(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            run, _ = diagnose(trigger="admin", now=clock.now(), requested_by=request.user)
            return redirect("admin:diagnostics_diagnosticrun_change", run.pk)
        return redirect("admin:diagnostics_diagnosticrun_changelist")

    def plan_now(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.user.has_perm("diagnostics.change_repairrun"):
            run = plan_repairs(trigger="admin", now=clock.now(), planned_by=request.user)
            return redirect("admin:diagnostics_repairrun_change", run.pk)
        return redirect("admin:diagnostics_diagnosticrun_changelist")


@admin.register(Finding)
class FindingAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """The trend of one check: filter by its name."""

    list_display = ["run", "check_name", severity_word, "count", "fixable", "seconds"]
    list_filter = ["check_name", "severity"]
    list_select_related = ["run"]
    ordering = ["-run_id"]


class RepairActionInline(ReadOnlyMixin, admin.TabularInline):
    model = RepairAction
    fields = ["check_name", "action", "model", "row_pk", "state", "note"]
    extra = 0
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[RepairAction]:
        return super().get_queryset(request).defer("before", "after")


@admin.register(RepairRun)
class RepairRunAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["id", "planned_at", "state", "trigger", "planned_by", "executed_by"]
    list_filter = ["state", "trigger"]
    inlines = [RepairActionInline]
    actions = ["apply_plans", "undo_repairs"]

    def has_repair_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("diagnostics.change_repairrun")

    @admin.action(description="Apply the chosen plans", permissions=["repair"])
    def apply_plans(
        self, request: HttpRequest, queryset: QuerySet[RepairRun]
    ) -> HttpResponse | None:
        if request.POST.get("confirmed") != "yes":
            return self._ask(request, queryset, "apply_plans", "Apply", "planned")
        for run in queryset:
            self._each(
                request,
                run,
                lambda run=run: apply_run(run=run, now=clock.now(), executed_by=request.user),
            )
        return None

    @admin.action(description="Undo the chosen repairs", permissions=["repair"])
    def undo_repairs(
        self, request: HttpRequest, queryset: QuerySet[RepairRun]
    ) -> HttpResponse | None:
        if request.POST.get("confirmed") != "yes":
            return self._ask(request, queryset, "undo_repairs", "Undo", "applied")
        for run in queryset:
            self._each(request, run, lambda run=run: undo_run(run=run, now=clock.now()))
        return None

    def _ask(
        self,
        request: HttpRequest,
        queryset: QuerySet[RepairRun],
        action: str,
        verb: str,
        state: str,
    ) -> HttpResponse:
        """Says how many rows it is about, before anything is changed."""
        rows = queryset.annotate(rows=Count("actions", filter=Q(actions__state=state)))
        total = sum(row.rows for row in rows)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{verb} repairs",
            "sentence": SENTENCES[action],
            "rows": rows,
            "total": total,
            "action": action,
            "verb": verb,
        }
        return TemplateResponse(request, "admin/diagnostics/confirm.html", context)

    def _each(self, request: HttpRequest, run: RepairRun, call: Any) -> None:
        try:
            report: RepairReport = call()
        except DomainError as refusal:
            messages.error(request, f"{run.pk}: {refusal.message}")
            return
        messages.success(
            request,
            f"{run.pk}: {report.applied} applied, {report.skipped} skipped, "
            f"{report.failed} failed, {report.undone} undone.",
        )


@admin.register(UserErrorReport)
class UserErrorReportAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["created_at", "path", "request_id", "user", "note"]
    search_fields = ["request_id", "path", "note"]
    list_select_related = ["user"]
