"""Sessions, live and completed, for staff who help somebody."""

from __future__ import annotations

from django.contrib import admin

from practice.admin.base import ReadOnlyAdmin, ReadOnlyInline
from practice.models import (
    DraftRevision,
    DraftRevisionHistory,
    Practice,
    PracticeHistory,
    PracticeMain,
    PracticeMainHistory,
    Submission,
    SubmissionHistory,
    Whiteboard,
    WhiteboardHistory,
    WhiteboardRevision,
    WhiteboardRevisionHistory,
)


class PracticeInline(ReadOnlyInline):
    model = Practice
    fields = ("order", "title", "version", "saved_at", "active_seconds")


class PracticeHistoryInline(PracticeInline):
    model = PracticeHistory


class SubmissionInline(ReadOnlyInline):
    model = Submission
    fields = ("number", "submitted_at", "answer_text", "evaluation")


class SubmissionHistoryInline(SubmissionInline):
    model = SubmissionHistory


@admin.register(PracticeMain)
class PracticeMainAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "question_main", "started_at", "last_saved_at")
    list_filter = ("question_main",)
    list_select_related = ("user", "question_main")
    search_fields = ("user__username", "user__email", "question_main__title")
    date_hierarchy = "started_at"
    inlines = (PracticeInline,)


@admin.register(PracticeMainHistory)
class PracticeMainHistoryAdmin(PracticeMainAdmin):
    list_display = ("id", "user", "question_main", "started_at", "completed_at")
    date_hierarchy = "completed_at"
    inlines = (PracticeHistoryInline,)


@admin.register(Practice)
class PracticeAdmin(ReadOnlyAdmin):
    list_display = ("session", "order", "title", "version", "saved_at", "active_seconds")
    list_select_related = ("session",)
    search_fields = ("title", "session__user__username")
    inlines = (SubmissionInline,)


@admin.register(PracticeHistory)
class PracticeHistoryAdmin(PracticeAdmin):
    inlines = (SubmissionHistoryInline,)


@admin.register(Submission, SubmissionHistory)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ("id", "practice", "number", "submitted_at", "evaluation")
    list_select_related = ("practice", "evaluation")
    search_fields = ("practice__title", "practice__session__user__username")
    date_hierarchy = "submitted_at"


@admin.register(DraftRevision, DraftRevisionHistory)
class DraftRevisionAdmin(ReadOnlyAdmin):
    list_display = ("practice", "version", "saved_at", "conflict", "late")
    list_filter = ("conflict", "late")
    list_select_related = ("practice",)
    search_fields = ("practice__session__user__username", "answer_text")


@admin.register(Whiteboard, WhiteboardHistory)
class WhiteboardAdmin(ReadOnlyAdmin):
    list_display = ("session", "version", "saved_at")
    list_select_related = ("session",)
    search_fields = ("session__user__username",)


@admin.register(WhiteboardRevision, WhiteboardRevisionHistory)
class WhiteboardRevisionAdmin(ReadOnlyAdmin):
    list_display = ("session", "version", "saved_at", "conflict", "late")
    list_filter = ("conflict", "late")
    list_select_related = ("session",)
    search_fields = ("session__user__username",)
