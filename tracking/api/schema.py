"""The shapes of `outputs` for the OpenAPI document; a test compares them with real answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers as s


def _ids(name: str) -> dict[str, Any]:
    return {name: s.IntegerField(), "id": s.IntegerField()}


def _nullable(field: type[s.Field]) -> s.Field:
    return field(allow_null=True)


SkillOut = inline_serializer(
    "Skill",
    {
        **_ids("skill_id"),
        "user_id": s.IntegerField(),
        "name": s.CharField(),
        "created_at": s.DateTimeField(),
    },
)


def _log_fields() -> dict[str, Any]:
    return {
        **_ids("practice_log_id"),
        "skill_id": s.IntegerField(),
        "user_id": s.IntegerField(),
        "date_practiced": s.DateField(),
        "duration_minutes": s.IntegerField(),
        "description": s.CharField(),
        "difficulty_rating": _nullable(s.IntegerField),
        "confidence_rating": _nullable(s.IntegerField),
        "timezone": s.CharField(),
        "source": _nullable(s.CharField),
        "created_at": s.DateTimeField(),
        "updated_at": s.DateTimeField(),
    }


LogOut = inline_serializer("PracticeLog", _log_fields())


class ScreenshotOut(s.Serializer):
    filename = s.CharField()
    size_bytes = s.IntegerField(allow_null=True)
    uploaded_at = s.DateTimeField()
    storage_url = s.CharField(allow_null=True)


class EvidenceOut(s.Serializer):
    evidence_id = s.IntegerField()
    id = s.IntegerField()
    practice_log_id = s.IntegerField(allow_null=True)
    skill_id = s.IntegerField()
    evidence_type = s.ChoiceField(["link", "note", "screenshot"])
    title = s.CharField()
    content = s.CharField()
    metadata = ScreenshotOut(allow_null=True)
    created_at = s.DateTimeField()


class ProgressPart(s.Serializer):
    name = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    points = s.FloatField()
    of = s.IntegerField()
    reason = s.CharField()


class ProgressInputsOut(s.Serializer):
    sessions = s.IntegerField()
    minutes = s.IntegerField()
    active_days = s.IntegerField()
    covered_days = s.IntegerField()
    days_since_last = s.IntegerField(allow_null=True)


class ProgressOut(s.Serializer):
    skill_id = s.IntegerField()
    percentage = s.IntegerField(min_value=0, max_value=100)
    stage = s.ChoiceField(["Beginner", "Intermediate", "Advanced"])
    trend = s.ChoiceField(["improving", "maintaining", "declining"])
    total_sessions = s.IntegerField()
    total_minutes = s.IntegerField()
    last_practiced = s.DateField(allow_null=True)
    current_streak = s.IntegerField()
    longest_streak = s.IntegerField()
    change = s.IntegerField()
    inputs = ProgressInputsOut()
    parts = ProgressPart(many=True)
    retention = s.FloatField()
    outlook = s.ListField(child=s.CharField())


TimelineEntry = inline_serializer(
    "TimelineEntry", {**_log_fields(), "evidence": EvidenceOut(many=True)}
)


class SkillTotalOut(s.Serializer):
    skill_id = s.IntegerField()
    name = s.CharField()
    sessions = s.IntegerField()
    minutes = s.IntegerField()
    last_practiced = s.DateField(allow_null=True)


class PeriodOut(s.Serializer):
    start = s.DateField()
    sessions = s.IntegerField()
    minutes = s.IntegerField()
    active_days = s.IntegerField()


class WeekOut(PeriodOut):
    week = s.CharField()


class MonthOut(PeriodOut):
    month = s.CharField()


class WeekdayOut(s.Serializer):
    weekday = s.IntegerField(min_value=1, max_value=7)
    name = s.CharField()
    sessions = s.IntegerField()
    minutes = s.IntegerField()


class GoalOut(s.Serializer):
    weekly_goal_minutes = s.IntegerField()
    minutes_this_week = s.IntegerField()
    percentage = s.IntegerField(allow_null=True)
    reached = s.BooleanField()


class AnalyticsOut(s.Serializer):
    total_sessions = s.IntegerField()
    total_minutes = s.IntegerField()
    active_days = s.IntegerField()
    by_skill = SkillTotalOut(many=True)
    by_week = WeekOut(many=True)
    by_month = MonthOut(many=True)
    by_weekday = WeekdayOut(many=True)
    current_streak = s.IntegerField()
    longest_streak = s.IntegerField()
    practised_today = s.BooleanField()
    paused_today = s.BooleanField()
    goal = GoalOut()
    today = s.DateField()


class ImportErrorRow(s.Serializer):
    row = s.IntegerField()
    column = s.CharField()
    message = s.CharField()


class ImportQuestion(s.Serializer):
    parameter = s.CharField()
    choices = s.ListField(child=s.CharField())
    message = s.CharField()


class PlanOut(s.Serializer):
    plan_id = s.UUIDField()
    id = s.UUIDField()
    status = s.ChoiceField(["planning", "planned", "applying", "applied", "undone", "failed"])
    filename = s.CharField()
    create = s.IntegerField()  # type: ignore[assignment]
    same = s.IntegerField()
    errors = ImportErrorRow(many=True)  # type: ignore[assignment]
    error_count = s.IntegerField()
    ignored_columns = s.ListField(child=s.CharField())
    questions = ImportQuestion(many=True)
    total_rows = s.IntegerField()
    done_rows = s.IntegerField()
    failure = s.CharField(allow_null=True)
    created_at = s.DateTimeField()
    applied_at = s.DateTimeField(allow_null=True)
    undone_at = s.DateTimeField(allow_null=True)


class ImportIn(s.Serializer):
    file = s.FileField()
    dry_run = s.BooleanField(default=True)
    date_format = s.ChoiceField(["dmy", "mdy"], required=False)
    encoding = s.CharField(required=False)
    create_skills = s.BooleanField(default=False)
    skip_errors = s.BooleanField(default=False)


class ApplyIn(s.Serializer):
    skip_errors = s.BooleanField(default=False)
    create_skills = s.BooleanField(default=False)


def page_of(name: str, item: Any, **more: Any) -> Any:
    """A page of a list, as `common.http.pagination` answers."""
    fields = {"results": type(item)(many=True), "next": s.URLField(allow_null=True)}
    return inline_serializer(name, {**fields, **more})


SkillPageOut = page_of("SkillPage", SkillOut)
LogPageOut = page_of("PracticeLogPage", LogOut)
EvidencePageOut = page_of("EvidencePage", EvidenceOut())
TimelineOut = page_of("Timeline", TimelineEntry, evidence=EvidenceOut(many=True))

PAGING = [
    OpenApiParameter("page_size", OpenApiTypes.INT, description="1 to 200, default 50."),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="Taken from `next`."),
]
DATES = [
    OpenApiParameter("date_from", OpenApiTypes.DATE, description="Included."),
    OpenApiParameter("date_to", OpenApiTypes.DATE, description="Included."),
]
OF_SKILL = OpenApiParameter("skill_id", OpenApiTypes.INT)
OF_LOG = OpenApiParameter("practice_log_id", OpenApiTypes.INT)
CASCADE = OpenApiParameter("cascade", OpenApiTypes.BOOL, description="Delete its logs as well.")
ExportedLog = inline_serializer(
    "ExportedPracticeLog", {**_log_fields(), "skill": s.CharField()}, many=True
)
FORMAT = OpenApiParameter("format", OpenApiTypes.STR, enum=["csv", "json"])
BAD = OpenApiResponse(description="Not valid; `fields` says which and why.")
GONE = OpenApiResponse(description="There is no such row of yours.")
CLASH = OpenApiResponse(description="Not possible in the present state; `code` says why.")
EXPORTED = {
    (200, "text/csv"): OpenApiTypes.STR,
    (200, "application/json"): inline_serializer(
        "PracticeLogExport", {"exported_at": s.DateTimeField(), "results": ExportedLog}
    ),
    400: BAD,
}
