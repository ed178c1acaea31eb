"""Staff see interview sessions and answers; they may end a session and rebuild its numbers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from common import clock
from sessions_app.interviews import services
from sessions_app.interviews.models import Attempt, FollowUp, InterviewDraft, PracticeSession

__all__ = ["AttemptAdmin", "InterviewDraftAdmin", "PracticeSessionAdmin"]


class ReadOnly(admin.ModelAdmin):
    """Learners' answers are read-only here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]


class AttemptInline(admin.TabularInline):
    model = Attempt
    extra = 0
    can_delete = False
    show_change_link = True
    fields = readonly_fields = (
        "question_title",
        "overall_score",
        "self_rating",
        "late_by_sec",
        "unscored",
        "created_at",
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PracticeSession)
class PracticeSessionAdmin(ReadOnly):
    list_display = (
        "id",
        "user",
        "mode",
        "category_filter",
        "timer_minutes",
        "started_at",
        "ended_at",
        "ended_by",
        "questions_count",
        "avg_score",
    )
    list_filter = ("mode", "category_filter", "ended_by", "started_at")
    list_select_related = ("user",)
    search_fields = ("id", "user__username", "user__email")
    date_hierarchy = "started_at"
    inlines = (AttemptInline,)
    actions = ("end_sessions", "rebuild_numbers")

    @admin.action(description="End the chosen sessions", permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[PracticeSession]) -> None:
        sessions = list(queryset.open().select_related("user"))
        by = PracticeSession.EndedBy.STAFF
        for row in sessions:
            services.end_session(user=row.user, session_id=row.pk, now=clock.now(), by=by)
            self.log_change(request, row, "Ended by staff")
        self.message_user(request, f"{len(sessions)} ended.", messages.SUCCESS)

    @admin.action(description="Rebuild count and average", permissions=["change"])
    def rebuild_numbers(self, request: HttpRequest, queryset: QuerySet[PracticeSession]) -> None:
        for pk in queryset.values_list("pk", flat=True):
            services.recalculate_session_stats(pk)
        self.message_user(request, f"{queryset.count()} rebuilt.", messages.SUCCESS)


class FollowUpInline(admin.TabularInline):
    """What the interviewer asked back."""

    model = FollowUp
    extra = 0
    can_delete = False
    fields = readonly_fields = ("number", "question_text", "answer_text", "answered_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = (
        "id",
        "question_title",
        "learner",
        "overall_score",
        "self_rating",
        "late_by_sec",
        "created_at",
    )
    list_filter = ("session__mode", "question__question_main__category", "unscored")
    list_select_related = ("session__user",)
    search_fields = ("question_title", "session__user__username", "session__id")
    raw_id_fields = ("session", "question", "evaluation")
    inlines = (FollowUpInline,)

    @admin.display(ordering="session__user__username")
    def learner(self, attempt: Attempt) -> str:
        return str(attempt.session.user)


@admin.register(InterviewDraft)
class InterviewDraftAdmin(ReadOnly):
    list_display = ("id", "session", "question", "version", "saved_at")
    list_select_related = ("session", "question")
    search_fields = ("session__id", "session__user__username")
