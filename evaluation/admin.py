from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from common import clock
from common.admin import ReadOnly
from common.errors import DomainError
from evaluation.models import ClaudeSwitch, Evaluation, ModelCall, Objection
from evaluation.services.objections import resolve_objection
from evaluation.services.reevaluating import reevaluate
from evaluation.services.requests import cancel_evaluation, use_local_check


class WithNone(admin.AllValuesFieldListFilter):
    """Labels the choice of an empty value: a link without text cannot be found or clicked."""

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or "none"}


class WrittenByServices(admin.ModelAdmin):
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.fields]


class NeverDeleted:
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    extra = 0


class CallInline(ReadOnlyInline):
    model = ModelCall
    fields = ["at", "model", "outcome", "input_tokens", "output_tokens", "cost_usd", "latency_ms"]


class ObjectionInline(ReadOnlyInline):
    model = Objection
    fields = ["point_title", "level", "note", "created_at", "resolved_at"]


@admin.register(Evaluation)
class EvaluationAdmin(NeverDeleted, WrittenByServices):
    list_display = [
        "id", "owner", "kind", "status", "hold", "provider", "band", "overall_score",
        "withheld_reason", "injection_suspected", "tries", "cost_usd", "created_at",
    ]  # fmt: skip
    list_filter = [
        "status", "provider", "hold", ("error_code", WithNone), ("withheld_reason", WithNone),
        "injection_suspected", "kind",
    ]  # fmt: skip
    search_fields = ["owner__username", "owner__email", "=id"]
    list_select_related = ["owner"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    inlines = [CallInline, ObjectionInline]
    actions = ["judge_again", "judge_locally", "cancel"]

    @admin.action(description="Judge again", permissions=["change"])
    def judge_again(self, request: HttpRequest, queryset: QuerySet[Evaluation]) -> None:
        report = reevaluate(evaluations=queryset, now=clock.now())
        self._say(request, report.queued, report.chosen, "queued again")

    @admin.action(description="Use the local check for those that wait", permissions=["change"])
    def judge_locally(self, request: HttpRequest, queryset: QuerySet[Evaluation]) -> None:
        now = clock.now()
        done = sum(_done(lambda e: use_local_check(evaluation=e, now=now), row) for row in queryset)
        self._say(request, done, len(queryset), "queued for the local check")

    @admin.action(description="Cancel those that are open", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Evaluation]) -> None:
        now = clock.now()
        done = sum(_done(lambda e: cancel_evaluation(evaluation=e, now=now), e) for e in queryset)
        self._say(request, done, len(queryset), "cancelled")

    def _say(self, request: HttpRequest, done: int, chosen: int, what: str) -> None:
        level = messages.SUCCESS if done == chosen else messages.WARNING
        self.message_user(request, f"{done} of {chosen} evaluations {what}.", level)


def _done(action: Any, row: Evaluation) -> bool:
    with suppress(DomainError):
        return bool(action(row))
    return False


@admin.register(Objection)
class ObjectionAdmin(WrittenByServices):
    list_display = ["point_title", "level", "note", "evaluation", "created_at", "resolved_at"]
    list_filter = [("resolved_at", admin.EmptyFieldListFilter), "level"]
    search_fields = ["point_title", "note"]
    list_select_related = ["evaluation"]
    actions = ["resolve"]

    @admin.action(description="Mark as looked at", permissions=["change"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[Objection]) -> None:
        for objection in queryset:
            resolve_objection(objection=objection, now=clock.now())


@admin.register(ModelCall)
class ModelCallAdmin(NeverDeleted, WrittenByServices):
    list_display = ["at", "model", "outcome", "owner", "evaluation", "cost_usd", "latency_ms"]
    list_filter = ["outcome", "model"]
    date_hierarchy = "at"
    list_select_related = ["owner", "evaluation"]


@admin.register(ClaudeSwitch)
class ClaudeSwitchAdmin(NeverDeleted, admin.ModelAdmin):
    """The kill switch. Its one row may be changed, or added while there is none."""

    list_display = ["__str__", "off", "note", "changed_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ClaudeSwitch.objects.exists()

    def save_model(self, request: HttpRequest, obj: ClaudeSwitch, form: Any, change: Any) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
