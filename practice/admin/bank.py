"""The question bank as it was loaded, with notes for authors."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from practice.admin.base import ReadOnlyAdmin, ReadOnlyInline
from practice.models import Question, QuestionMain
from practice.selectors.bank_notes import notes_on


class QuestionInline(ReadOnlyInline):
    model = Question
    fields = ("order", "title", "framework_name", "min_words", "retired_at")


@admin.register(QuestionMain)
class QuestionMainAdmin(ReadOnlyAdmin):
    """Loaded by `manage.py load_question_bank`; edits belong in practice/question_bank."""

    list_display = (
        "title",
        "kind",
        "category",
        "difficulty",
        "minutes",
        "questions_in_use",
        "practicing_now",
        "updated_at",
        "retired_at",
    )
    list_filter = ("kind", "category", "difficulty", ("retired_at", admin.EmptyFieldListFilter))
    search_fields = ("title", "slug", "summary")
    inlines = (QuestionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionMain]:
        in_use = Q(questions__retired_at__isnull=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                question_total=Count("questions", filter=in_use, distinct=True),
                practicing_total=Count("practicemain_rows", distinct=True),
            )
        )

    @admin.display(description="questions", ordering="question_total")
    def questions_in_use(self, row: QuestionMain) -> int:
        return row.question_total  # type: ignore[attr-defined]

    @admin.display(description="practicing", ordering="practicing_total")
    def practicing_now(self, row: QuestionMain) -> int:
        return row.practicing_total  # type: ignore[attr-defined]


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ("title", "question_main", "order", "points", "notes", "retired_at")
    list_filter = ("question_main__kind", ("retired_at", admin.EmptyFieldListFilter))
    list_select_related = ("question_main",)
    search_fields = ("title", "slug", "prompt", "question_main__title")

    @admin.display(description="key points")
    def points(self, row: Question) -> int:
        return len(row.key_points)

    @admin.display(description="to look at")
    def notes(self, row: Question) -> str:
        return "; ".join(notes_on(row)) or "–"
