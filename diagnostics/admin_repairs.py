"""Repairs in the console: the plan row by row; apply, undo, and progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from common import clock
from common.admin import ReadOnly
from common.errors import DomainError
from common.rights import has_right
from diagnostics import policies
from diagnostics.models import RepairRun
from diagnostics.selectors.console_runs import actions_of, counts_of, progress_of
from diagnostics.services.applying import apply_run, claim_for_worker, is_for_a_worker
from diagnostics.services.repair import RepairReport, report_of
from diagnostics.services.undoing import undo_run

SENTENCES = {
    "apply_plans": "Rows that have changed since the plan are left alone. Every row keeps its "
    "snapshot, so that the repair can be undone.",
    "undo_repairs": "Every repaired row gets back what it held before. Rows that somebody has "
    "changed since are left alone and named.",
}


COUNTED = ("applied", "undone", "skipped", "failed")


class OwnPages(ReadOnly):
    """A read-only admin with pages of its own beside Django's."""

    def seen_by(self, request: HttpRequest, object_id: str) -> Any:
        """The row of an own page. Raises Http404 and PermissionDenied as Django's page would."""
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        if row is None:
            raise Http404
        return row

    def own_page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        context |= self.admin_site.each_context(request) | context  # type: ignore[attr-defined]
        return TemplateResponse(request, f"admin/diagnostics/{name}.html", context)


@admin.register(RepairRun)
class RepairRunAdmin(OwnPages, admin.ModelAdmin):
    list_display = ["id", "planned_at", "status", "repairs", "trigger", "planned_by", "executed_by"]
    list_filter = ["status", "trigger"]
    list_select_related = ["planned_by", "executed_by"]
    actions = ["apply_plans", "undo_repairs"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RepairRun]:
        return super().get_queryset(request).annotate(rows=Count("actions"))

    @admin.display(description="repairs")
    def repairs(self, run: RepairRun) -> int:
        return run.rows  # type: ignore[attr-defined]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.progress)
        return [path("<uuid:pk>/progress", view, name="repair_progress"), *super().get_urls()]

    def progress(self, request: HttpRequest, pk: Any) -> HttpResponse:
        run = self.seen_by(request, str(pk))
        came = progress_of(run)
        body = {"state": run.status, "done": came.done, "total": came.total, "words": came.words}
        return JsonResponse(body)

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        run = self.seen_by(request, object_id)
        return self.own_page(
            request,
            "repair",
            title="Repair",
            run=run,
            counts=counts_of(run),
            report=report_of(run, now=clock.now()),
            progress=progress_of(run),
            page=actions_of(run, page=request.GET.get("page")),
            may_repair=self.has_repair_permission(request),
        )

    def has_repair_permission(self, request: HttpRequest) -> bool:
        return has_right(request.user, policies.REPAIR)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The right to diagnose includes planning repairs, and so reading the plan."""
        is_operator = has_right(request.user, policies.VIEW)
        return is_operator or super().has_view_permission(request, obj)

    @admin.action(description="Apply the chosen plans", permissions=["repair"])
    def apply_plans(
        self, request: HttpRequest, queryset: QuerySet[RepairRun]
    ) -> HttpResponse | None:
        if request.POST.get("confirmed") != "yes":
            return self._ask(request, queryset, "apply_plans", "Apply", "planned")

        def apply(run: RepairRun) -> RepairReport | None:
            """At once, or by a worker when there are many rows; None then."""
            if is_for_a_worker(run):
                claim_for_worker(run=run, now=clock.now(), executed_by=request.user)
                return None
            return apply_run(run=run, now=clock.now(), executed_by=request.user)

        return self._each(request, queryset, apply)

    @admin.action(description="Undo the chosen repairs", permissions=["repair"])
    def undo_repairs(
        self, request: HttpRequest, queryset: QuerySet[RepairRun]
    ) -> HttpResponse | None:
        if request.POST.get("confirmed") != "yes":
            return self._ask(request, queryset, "undo_repairs", "Undo", "applied")
        return self._each(
            request,
            queryset,
            lambda run: undo_run(run=run, now=clock.now(), undone_by=request.user),
        )

    def _ask(
        self,
        request: HttpRequest,
        queryset: QuerySet[RepairRun],
        action: str,
        verb: str,
        state: str,
    ) -> HttpResponse:
        """Asks for confirmation with the number of rows, before anything is changed."""
        runs = queryset.annotate(concerned=Count("actions", filter=Q(actions__state=state)))
        total = sum(run.concerned for run in runs)
        return self.own_page(
            request,
            "confirm",
            title=f"{verb} {total:,} repair{'' if total == 1 else 's'}?",
            sentence=SENTENCES[action],
            rows=runs,
            total=total,
            action=action,
            verb=verb,
        )

    def _each(
        self,
        request: HttpRequest,
        runs: QuerySet[RepairRun],
        call: Callable[[RepairRun], RepairReport | None],
    ) -> HttpResponse | None:
        chosen = list(runs)
        for run in chosen:
            try:
                report = call(run)
            except DomainError as refusal:
                messages.error(request, refusal.message)
                continue
            if report is None:
                messages.info(request, "A worker applies it. You may leave this page.")
                continue
            left = f" Still found: {sum(report.remaining.values()):,}." if report.remaining else ""
            counted = ((name, getattr(report, name)) for name in COUNTED)
            words = ", ".join(f"{count:,} {name}" for name, count in counted if count)
            messages.success(request, f"{words or 'Nothing to do'}.{left}")
        if len(chosen) == 1:
            return redirect("admin:diagnostics_repairrun_change", chosen[0].pk)
        return None
