from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from common import clock
from common.admin import ReadOnly
from common.errors import DomainError
from judge import subjects
from judge.models import CaseSet, CodeRun, EngineReport
from judge.selectors.health import runner_health, version_number
from judge.selectors.runs import place_of, queue_state, shown_cases
from judge.types import LANGUAGE_NAMES


@admin.register(CodeRun)
class CodeRunAdmin(ReadOnly, admin.ModelAdmin):
    """The queue, and each run with its source, its cases and what was said."""

    change_list_template = "judge/run_list.html"
    change_form_template = "judge/run.html"
    list_display = [
        "id", "kind", "language", "status", "verdict", "earned", "weight", "tries", "error",
        "created_at", "finished_at",
    ]  # fmt: skip
    list_filter = ["status", "verdict", "language", "kind", "priority"]
    search_fields = ["=id", "=uuid"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ["run_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CodeRun]:
        return super().get_queryset(request).defer("source", "compile_output")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        now = clock.now()
        known = {"queue": queue_state(now=now), "health": runner_health(now=now)}
        return super().changelist_view(request, {**(extra_context or {}), **known})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        shown = (
            {"run": run, "shown": shown_cases(run), "place": place_of(run)}
            if isinstance(run, CodeRun)
            else {}
        )
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def has_rerun_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("judge.change_coderun")

    @admin.action(description="Run again", permissions=["rerun"])
    def run_again(self, request: HttpRequest, queryset: QuerySet[CodeRun]) -> None:
        """Each as its subject does it: the old result stays, the newest counts."""
        done = 0
        for run in queryset:
            try:
                subjects.rerun(run, staff_id=request.user.pk, now=clock.now())
                done += 1
            except DomainError as error:
                messages.error(request, f"Run {run.pk}: {error.message}")
        if done:
            messages.success(request, f"{done} queued again.")


@admin.register(EngineReport)
class EngineReportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["host", "engine", "ok", "able", "why", "at"]

    @admin.display(description="languages")
    def able(self, report: EngineReport) -> str:
        known = report.languages.items()
        return (
            ", ".join(
                f"{LANGUAGE_NAMES[name]} {version_number(s['version'])}"
                for name, s in known
                if s["available"]
            )
            or "none"
        )


@admin.register(CaseSet)
class CaseSetAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "digest", "created_at"]
    search_fields = ["digest"]
