"""Candidates for accepted wordings: words of answers, decided with one press each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import clock
from common.errors import DomainError
from evaluation.models import WordingCandidate
from evaluation.scoring import verified_quote
from practice.services.wordings import accept_wording, dismiss_wording

AROUND = 90
LISTED = ["text", "point_title", "context", "question", "decision"]
SHOWN = ["point_title", "question", "context", "text", "source", "created_at", "decision",
         "decided_by", "decided_at"]  # fmt: skip


@admin.register(WordingCandidate)
class WordingCandidateAdmin(admin.ModelAdmin):
    """Open ones may be reworded before they are accepted; accepted ones are taken back here."""

    list_display = LISTED
    list_filter = ["decision", "source"]
    search_fields = ["text", "point_title"]
    fields = SHOWN

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[WordingCandidate]:
        given = "evaluation__input"
        prompt = KeyTextTransform("prompt", KeyTransform("rubric", given))
        rows = super().get_queryset(request).select_related("decided_by")
        return rows.annotate(prompt=prompt, answer=KeyTextTransform("answer", given))

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return [*LISTED, "decide"] if self.has_change_permission(request) else LISTED

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in SHOWN if name != "text" or (obj and obj.decision)]

    @admin.display(description="question")
    def question(self, candidate: WordingCandidate) -> str:
        return " ".join((candidate.prompt or "").split())[:80]

    @admin.display(description="where it stands")
    def context(self, candidate: WordingCandidate) -> str:
        answer = candidate.answer or ""
        quote = verified_quote(candidate.text, answer)
        if quote is None:
            return "—"
        start, end = max(0, quote.start - AROUND), quote.end + AROUND
        return f"…{' '.join(answer[start:end].split())}…"

    @admin.display(description="decide")
    def decide(self, candidate: WordingCandidate) -> SafeString:
        """Buttons of the list's own form, sent to another address."""
        accept, dismiss = (
            reverse(f"admin:evaluation_wording_{verb}", args=[candidate.pk])
            for verb in ("accept", "dismiss")
        )
        if candidate.decision == WordingCandidate.Decision.ACCEPTED:
            return _button(dismiss, "Take back", candidate)
        return format_html(
            "{} {}", _button(accept, "Accept", candidate), _button(dismiss, "Dismiss", candidate)
        )

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("<int:object_id>/accept", guarded(self.accept), name="evaluation_wording_accept"),
            path(
                "<int:object_id>/dismiss", guarded(self.dismiss), name="evaluation_wording_dismiss"
            ),
            *super().get_urls(),
        ]

    def accept(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._decided(request, object_id, accept_wording, "Counts from now on")

    def dismiss(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._decided(request, object_id, dismiss_wording, "Does not count")

    def _decided(
        self, request: HttpRequest, object_id: int, decide: Callable[..., object], words: str
    ) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        candidate = get_object_or_404(WordingCandidate, pk=object_id)
        try:
            decide(candidate=candidate, staff=request.user, now=clock.now())
        except DomainError as error:
            messages.error(request, f"{candidate}: {error.message}")
        else:
            messages.success(request, f"{words}: {candidate}.")
        return redirect("admin:evaluation_wordingcandidate_changelist")


def _button(address: str, words: str, candidate: WordingCandidate) -> SafeString:
    return format_html(
        '<button class="button" formaction="{}" aria-label="{}: {}">{}</button>',
        address,
        words,
        candidate,
        words,
    )
