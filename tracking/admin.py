"""Read-only for support: only learners change their records."""

from __future__ import annotations

from django.contrib import admin

from common.admin import ReadOnly
from tracking.models import Evidence, ImportPlan, MailSent, PracticeLog, Skill, StreakPause, Trash


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    show_full_result_count = False


@admin.register(Skill)
class SkillAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "created_at"]
    search_fields = ["name", "user__username", "user__email"]
    list_select_related = ["user"]


@admin.register(PracticeLog)
class PracticeLogAdmin(ReadOnlyAdmin):
    list_display = ["date_practiced", "user", "skill", "duration_minutes", "source_kind"]
    list_filter = ["source_kind"]
    search_fields = ["user__username", "user__email"]
    list_select_related = ["user", "skill"]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ["id", "user", "skill", "evidence_type", "created_at"]
    list_filter = ["evidence_type"]
    search_fields = ["user__username"]
    list_select_related = ["user", "skill"]


@admin.register(StreakPause)
class StreakPauseAdmin(ReadOnlyAdmin):
    list_display = ["user", "start_date", "end_date", "reason"]
    list_select_related = ["user"]


@admin.register(ImportPlan)
class ImportPlanAdmin(ReadOnlyAdmin):
    list_display = [
        *("filename", "user", "status", "preset", "total_rows", "error_count", "created_at"),
    ]
    list_filter = ["status", "preset"]
    exclude = ["upload"]
    list_select_related = ["user"]


@admin.register(MailSent)
class MailSentAdmin(ReadOnlyAdmin):
    list_display = ["user", "kind", "about", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]


@admin.register(Trash)
class TrashAdmin(ReadOnlyAdmin):
    list_display = ["kind", "object_id", "user", "stored_bytes", "deleted_at"]
    exclude = ["rows"]
    list_select_related = ["user"]
