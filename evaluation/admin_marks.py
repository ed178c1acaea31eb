"""Staff mark real answers, blind to the verdict until they have saved; then both stand side by
side, and all of them together show how far verdicts can be believed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from common import clock
from common.admin import ReadOnly
from common.errors import DomainError
from common.text import whole_number
from evaluation.forms import MarkForm
from evaluation.models import Evaluation, StaffMark
from evaluation.selectors.agreement import agreement_page
from evaluation.selectors.marking import answer_to_mark, mark_beside, next_to_mark
from evaluation.services.marking import mark_answer


@admin.register(StaffMark)
class StaffMarkAdmin(ReadOnly, admin.ModelAdmin):
    """The list names no verdict: whoever marks the same answer later must not know it."""

    change_list_template = "evaluation/staff/marks.html"
    list_display = ["id", "question", "word", "score", "marker", "marked_at"]
    list_filter = ["word", "evaluation__kind"]
    list_select_related = ["marker", "evaluation"]
    date_hierarchy = "marked_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffMark]:
        return super().get_queryset(request).defer("evaluation__raw_reply")

    @admin.display(description="question")
    def question(self, mark: StaffMark) -> str:
        return " ".join(mark.evaluation.input["rubric"]["prompt"].split())[:80]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.agreement)
        return [path("agreement", view, name="evaluation_agreement"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Without `?evaluation=` the next answer is chosen."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        user: Any = request.user
        asked = whole_number(request.GET.get("evaluation", ""))
        if asked is None:
            return self._next(request)
        evaluation = Evaluation.objects.to_be_marked_by(user).filter(pk=asked).first()
        if evaluation is None:
            messages.warning(request, "That answer is not for you to mark, or you have marked it.")
            return redirect("admin:evaluation_staffmark_changelist")
        form = MarkForm(answer_to_mark(evaluation), request.POST or None)
        if form.is_valid():
            try:
                mark = mark_answer(
                    evaluation=evaluation, marker=user, marks=form.marks(), now=clock.now()
                )
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, "Saved. The verdict stands beside your marks.")
                return redirect("admin:evaluation_staffmark_change", mark.pk)
        return self._page(request, "mark", title="Mark an answer", form=form, answer=form.answer)

    def _next(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        evaluation = next_to_mark(user)
        if evaluation is None:
            return self._page(request, "nothing", title="Mark an answer")
        return redirect(f"{reverse('admin:evaluation_staffmark_add')}?evaluation={evaluation.pk}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        mark = self.get_object(request, object_id)
        if not self.has_view_permission(request, mark):
            raise PermissionDenied
        if mark is None:
            raise Http404
        may_mark = self.has_add_permission(request)
        beside = mark_beside(mark)
        return self._page(
            request, "beside", title=str(mark), mark=mark, beside=beside, may_mark=may_mark
        )

    def agreement(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = agreement_page(question_key=request.GET.get("question", "")[:32])
        return self._page(request, "agreement", title="Agreement with staff's marks", page=page)

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"evaluation/staff/{name}.html", context)
