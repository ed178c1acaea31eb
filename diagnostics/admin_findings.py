"""The list of findings in the console: what was found, worst first, and the trend of one check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, IntegerField, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.admin import ReadOnly
from diagnostics import registry
from diagnostics.models import Finding, Severity
from diagnostics.templatetags.console import severity

WORST_FIRST = Case(
    *(When(severity=value, then=place) for place, value in enumerate(Severity.values)),
    output_field=IntegerField(),
)


class FoundFilter(admin.SimpleListFilter):
    """Most checks find nothing; those rows serve the trends and are hidden by default."""

    title = "rows"
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "All checks, also those that found nothing")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Something was found"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        return queryset if self.value() == "all" else queryset.exclude(count=0, error="")


class CheckFilter(admin.SimpleListFilter):
    """By check, in its words."""

    title = "check"
    parameter_name = "check_name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(
            ((check.name, check.title) for check in registry.all_checks()), key=lambda row: row[1]
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        return queryset.filter(check_name=self.value()) if self.value() else queryset


@admin.register(Finding)
class FindingAdmin(ReadOnly, admin.ModelAdmin):
    """Each row links to its diagnosis, which shows the rows themselves."""

    list_display = ["severity_word", "found", "count", "mended", "run", "took"]
    list_display_links = None
    list_filter = [FoundFilter, "severity", CheckFilter]
    list_select_related = ["run"]
    ordering = ["-run_id", WORST_FIRST, "-count"]
    change_list_template = "admin/diagnostics/findings.html"

    @admin.display(description="severity", ordering=WORST_FIRST)
    def severity_word(self, row: Finding) -> SafeString:
        return severity(row.severity if row.count or row.error else "ok")

    @admin.display(description="check", ordering="title")
    def found(self, row: Finding) -> SafeString:
        address = reverse("admin:diagnostics_diagnosticrun_change", args=[row.run_id])
        words = f"{row.title}: the check itself broke" if row.error else row.title
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description="how it is mended", ordering="fixable")
    def mended(self, row: Finding) -> str:
        return "By a repair" if row.fixable else "By hand"

    @admin.display(description="took", ordering="seconds")
    def took(self, row: Finding) -> str:
        if row.seconds >= 1:
            return f"{row.seconds:.1f} s"
        return f"{1000 * row.seconds:.0f} ms" if row.seconds >= 0.001 else "under 1 ms"
