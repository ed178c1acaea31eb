from __future__ import annotations

from copy import deepcopy
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from import_export import resources
from import_export.admin import ImportExportModelAdmin
from import_export.fields import Field
from import_export.formats.base_formats import JSON
from import_export.forms import ExportForm
from import_export.widgets import JSONWidget

from common import clock
from common.errors import DomainError
from common.sheets.texts import unix_lines
from sessions_app.assessments.admin.bank_formats import CSV, XLSX
from sessions_app.assessments.admin.question_form import CodingQuestionForm, question_faults
from sessions_app.assessments.admin.question_views import QuestionViews
from sessions_app.assessments.models import Assessment, AssessmentQuestion, CodingQuestion, Section
from sessions_app.assessments.rules import LANGUAGE_NAMES
from sessions_app.assessments.services.coding_bank import (
    FIELDS,
    OPTIONAL,
    SOLUTIONS,
    bring_back_question,
    retire_question,
)


class CodingQuestionResource(resources.ModelResource):
    """Import and export by slug; a row that lacks something is refused with the reason."""

    sample_test_cases = Field("sample_test_cases", "sample_test_cases", JSONWidget())
    test_cases = Field("test_cases", "test_cases", JSONWidget())
    boiler_plate = Field("boiler_plate", "boiler_plate", JSONWidget())
    tags = Field("tags", "tags", JSONWidget())
    factors = Field("factors", "factors", JSONWidget())
    languages = Field("languages", "languages", JSONWidget())

    class Meta:
        model = CodingQuestion
        import_id_fields = ("slug",)
        fields = ("slug", *FIELDS)
        export_order = ("slug", *FIELDS)
        skip_unchanged = True

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        for name, cell in row.items():
            if isinstance(cell, str):
                row[name] = unix_lines(cell)

    def import_instance(self, instance: CodingQuestion, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        for name, usual in OPTIONAL.items():  # what a file leaves empty, JSON included
            if getattr(instance, name) is None:
                setattr(instance, name, deepcopy(usual))

    def before_save_instance(self, instance: CodingQuestion, row: Any, **kwargs: Any) -> None:
        faults = question_faults({name: getattr(instance, name) for name in ("slug", *FIELDS)})
        if faults:
            raise ValidationError("; ".join(faults))


@admin.register(CodingQuestion)
class CodingQuestionAdmin(QuestionViews, ImportExportModelAdmin):
    form = CodingQuestionForm
    change_form_template = "assessments/console/question.html"
    # The cases stand between the first two.
    fieldsets = [
        ("Question", {"fields": ["title", "slug", ("difficulty", "reserved"), "tag_words",
                                 "question"]}),
        ("Limits and comparison", {"fields": [("cpu_seconds", "memory_mib", "output_kib"),
                                              "checker"]}),
        *(
            (
                name,
                {"fields": [(f"offer_{language}", f"factor_{language}"), language,
                            SOLUTIONS[language], *(["naive"] if language == "python" else [])]},
            )
            for language, name in LANGUAGE_NAMES.items()
        ),
    ]  # fmt: skip
    # Every field, always: a choice of fields needs inline scripts, which our policy forbids.
    export_form_class = ExportForm
    resource_classes = [CodingQuestionResource]
    formats = [JSON, CSV, XLSX]
    import_formats = [JSON, CSV, XLSX]
    export_formats = [JSON, CSV, XLSX]
    list_display = ["title", "difficulty", "tag_words", "cases", "retired_at"]
    list_filter = ["difficulty", ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["title", "slug", "question"]
    prepopulated_fields = {"slug": ["title"]}
    actions = ["retire", "bring_back"]

    class Media:
        css: ClassVar = {"all": ["sessions_app/proctoring-staff.css"]}

    @admin.display(description="tags")
    def tag_words(self, question: CodingQuestion) -> str:
        return ", ".join(question.tags)

    @admin.display(description="cases shown + hidden")
    def cases(self, question: CodingQuestion) -> str:
        return f"{len(question.sample_test_cases)} + {len(question.test_cases)}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a question that somebody answered is retired, never deleted

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        if isinstance(e, DomainError):
            form.add_error("import_file", e.message)
        else:
            super().add_data_read_fail_error_to_form(form, e)

    # The package lets all staff import and export; hidden cases and solutions are in the file.
    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Staff with view rights only see the columns as stored: the form's own fields are no
        columns, and Django shows nothing else to readers."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["slug", *FIELDS]})]

    def get_urls(self) -> list[URLPattern]:
        return [*self.own_urls(), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        may_check = {"may_check": self.has_change_permission(request)}
        return super().render_change_form(request, {**context, **may_check}, *args, **kwargs)

    @admin.action(description="Retire", permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[CodingQuestion]) -> None:
        for question in queryset:
            retire_question(question=question, now=clock.now())
        messages.success(request, f"{len(queryset)} retired: no new test will ask them by itself.")

    @admin.action(description="Bring back", permissions=["change"])
    def bring_back(self, request: HttpRequest, queryset: QuerySet[CodingQuestion]) -> None:
        for question in queryset:
            bring_back_question(question=question)
        messages.success(request, f"{len(queryset)} brought back.")


class SectionInline(admin.StackedInline):
    model = Section
    fields = [("position", "key", "title")]
    extra = 1
    show_change_link = True


@admin.register(Assessment)
class AssessmentAdmin(admin.ModelAdmin):
    list_display = ["title", "duration_minutes", "section_count", "candidate_count"]
    search_fields = ["title"]
    inlines = [SectionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        counted = super().get_queryset(request)
        return counted.annotate(
            n_sections=Count("sections", distinct=True),
            n_candidates=Count("candidates", distinct=True),
        )

    @admin.display(description="sections")
    def section_count(self, assessment: Any) -> int:
        return assessment.n_sections

    @admin.display(description="candidates")
    def candidate_count(self, assessment: Any) -> int:
        return assessment.n_candidates


class QuestionInline(admin.StackedInline):
    model = AssessmentQuestion
    fields = [("position", "question", "points")]
    extra = 1


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    """One section with its questions; reached from its assessment."""

    list_display = ["title", "assessment", "position"]
    list_filter = ["assessment"]
    search_fields = ["title", "assessment__title"]
    inlines = [QuestionInline]
