from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html

from common.admin import ReadOnly
from sessions_app.proctoring.models import AnswerPrint, SimilarPair
from sessions_app.proctoring.selectors.similarity import aligned, all_pairs, current_pairs


@admin.register(SimilarPair)
class SimilarPairAdmin(ReadOnly, admin.ModelAdmin):
    """For who may read sittings: two answers that share much, side by side."""

    change_list_template = "proctoring/staff/similar_list.html"
    list_display = ["share", "question", "one", "other", "language", "created_at"]
    list_filter = ["first__language", "first__question"]
    search_fields = [
        f"{side}__session__candidate__{name}"
        for side in ("first", "second")
        for name in ("name", "email")
    ]
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("sessions_app.view_proctoredsession")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SimilarPair]:
        """The list has those of answers that count still; a link to another one stays good."""
        match = request.resolver_match
        is_list = match is not None and (match.url_name or "").endswith("_changelist")
        pairs = current_pairs() if is_list else all_pairs()
        return pairs.defer("first__hashes", "second__hashes")

    @admin.display(description="in common", ordering="percent")
    def share(self, pair: SimilarPair) -> str:
        return f"{pair.percent} %"

    @admin.display(ordering="first__question__title")
    def question(self, pair: SimilarPair) -> str:
        return pair.first.question.title

    @admin.display(description="answer of")
    def one(self, pair: SimilarPair) -> str:
        return _who(pair.first)

    @admin.display(description="and of")
    def other(self, pair: SimilarPair) -> str:
        return _who(pair.second)

    @admin.display(ordering="first__language")
    def language(self, pair: SimilarPair) -> str:
        return pair.first.language

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        pair = self.get_object(request, object_id)
        if not isinstance(pair, SimilarPair):
            raise Http404
        shown = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{pair.percent} % in common: {pair.first.question.title}",
            "pair": pair,
            "rows": aligned(pair),
        }
        return TemplateResponse(request, "proctoring/staff/similar.html", shown)


def _who(answer: AnswerPrint) -> str:
    candidate = answer.session.candidate
    return format_html("{} <span class='quiet'>{}</span>", candidate.name, candidate.email)
