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
from evaluation.admin_marks import StaffMarkAdmin
from evaluation.models import ClaudeSwitch, Evaluation, ModelCall, Objection
from evaluation.services.objections import answer_objection
from evaluation.services.reevaluating import reevaluate
from evaluation.services.requests import cancel_evaluation, use_local_check

__all__ = [
    "ClaudeSwitchAdmin",
    "EvaluationAdmin",
    "ModelCallAdmin",
    "ObjectionAdmin",
    "StaffMarkAdmin",
]


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
    fields = ["point_title", "level", "note", "answer", "created_at", "resolved_at"]


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
    """Everything is a learner's but the answer, which they read at the point."""

    list_display = ["point_title", "level", "note", "answer", "evaluation", "created_at",
                    "resolved_at"]  # fmt: skip
    list_filter = [("resolved_at", admin.EmptyFieldListFilter), "level"]
    search_fields = ["point_title", "note", "answer"]
    list_select_related = ["evaluation"]
    fields = ["evaluation", "point_title", "level", "quotes", "note", "answer", "created_at",
              "resolved_at"]  # fmt: skip
    actions = ["resolve"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = super().get_readonly_fields(request, obj)
        return [*(name for name in fixed if name != "answer"), "quotes"]

    @admin.display(description="words that the verdict quotes")
    def quotes(self, objection: Objection) -> str:
        points = objection.evaluation.key_points
        named = (point for point in points if point["title"][:300] == objection.point_title)
        found = [quote["text"] for point in named for quote in point.get("quotes") or ()]
        return " · ".join(found) or "none"

    def save_model(self, request: HttpRequest, obj: Objection, form: Any, change: Any) -> None:
        answer_objection(objection=obj, answer=obj.answer, now=clock.now())

    @admin.action(description="Mark as looked at, without an answer", permissions=["change"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[Objection]) -> None:
        for objection in queryset.filter(resolved_at=None):
            answer_objection(objection=objection, answer=objection.answer, now=clock.now())


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
