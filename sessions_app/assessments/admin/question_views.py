"""The statement as candidates will see it, and the check of a question: parts of its form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from common import clock
from common.errors import DomainError
from common.markdown import render_markdown
from judge.models import CodeRun
from judge.selectors.health import runner_health
from judge.selectors.runs import ShownCase, place_of, shown_cases
from judge.types import LANGUAGE_NAMES
from sessions_app.assessments.admin.question_form import CodingQuestionForm
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.policies import as_uuid
from sessions_app.assessments.services.bank_lint import REFERENCE_SHARE
from sessions_app.assessments.services.checking import QUESTION_CHECK, request_check

PREVIEWED = 200_000  # characters


@dataclass(frozen=True)
class ShownCheck:
    """One reference solution's run; `room` is a quarter of its CPU limit in ms."""

    run: CodeRun
    language: str
    cases: list[tuple[str, ShownCase]]
    place: int | None
    away: str
    slowest: int
    room: int

    @property
    def is_slow(self) -> bool:
        return self.slowest > self.room


class QuestionViews:
    """What the console's form of a question asks for while it is filled in; stores no question."""

    admin_site: Any
    has_change_permission: Any

    def own_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("preview", guarded(self.preview), name="codingquestion_preview"),
            path("check", guarded(self.check_question), name="codingquestion_check"),
            path("checks/<uuid:run_id>", guarded(self.checked), name="codingquestion_checked"),
        ]

    @method_decorator(require_POST)
    def preview(self, request: HttpRequest) -> HttpResponse:
        self._require_author(request)
        html = render_markdown(request.POST.get("question", "")[:PREVIEWED], below=2)
        return TemplateResponse(request, "assessments/console/_preview.html", {"html": html})

    @method_decorator(require_POST)
    def check_question(self, request: HttpRequest) -> HttpResponse:
        """Queue the reference solutions as they stand in the form, saved or not."""
        self._require_author(request)
        pk = as_uuid(request.POST.get("checked_question", ""))
        stored = CodingQuestion.objects.filter(pk=pk).first() if pk else None
        form, runs, why = CodingQuestionForm(request.POST, instance=stored), [], ""
        now = clock.now()
        health = runner_health(now=now)
        if form.is_valid() and health.ok:
            try:
                runs = request_check(form.instance, now=now)
            except DomainError as error:
                why = error.message
        shown = {"form": form, "why": why or health.reason, "checks": list(map(shown_check, runs))}
        return TemplateResponse(request, "assessments/console/_check.html", shown)

    @method_decorator(require_GET)
    def checked(self, request: HttpRequest, run_id: UUID) -> HttpResponse:
        """How far one solution is; the page asks again until it has its verdict."""
        self._require_author(request)
        rows = CodeRun.objects.select_related("case_set")
        run = get_object_or_404(rows, uuid=run_id, kind=QUESTION_CHECK)
        shown = {"check": shown_check(run)}
        return TemplateResponse(request, "assessments/console/_checked.html", shown)

    def _require_author(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied


def shown_check(run: CodeRun) -> ShownCheck:
    cases = shown_cases(run, whole=False)
    samples = sum(not entry.case.hidden for entry in cases)
    names = [
        f"Sample {n}" if n <= samples else f"Hidden {n - samples}" for n in range(1, len(cases) + 1)
    ]
    status = runner_health(now=clock.now()).of(run.language)
    limits = run.case_set.limits
    cpu_ms = limits["cpu_seconds"] * limits["factors"].get(run.language, 1) * 1000
    return ShownCheck(
        run=run,
        language=LANGUAGE_NAMES[run.language],
        cases=list(zip(names, cases, strict=True)),
        place=place_of(run),
        away="" if status.available else status.reason,
        slowest=max((entry.result.cpu_ms for entry in cases), default=0),
        room=round(REFERENCE_SHARE * cpu_ms),
    )
