"""Staff watch every test live, see its timeline, and act on it with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from common import clock
from common.errors import DomainError
from sessions_app.assessments.policies import as_uuid
from sessions_app.proctoring.admin.forms import (
    QUESTIONS,
    WITH_MINUTES,
    StaffActionForm,
    StaffStartForm,
)
from sessions_app.proctoring.models import Outage, ProctoredSession
from sessions_app.proctoring.selectors.answers import answers_of
from sessions_app.proctoring.selectors.board import live_board, minutes_left
from sessions_app.proctoring.selectors.devices import are_more_than_kept, devices_of, links_of
from sessions_app.proctoring.selectors.growth import steps_of
from sessions_app.proctoring.selectors.log import log_of
from sessions_app.proctoring.selectors.scores import score_of, scoring_runs
from sessions_app.proctoring.selectors.sessions import analytics, short_of_time
from sessions_app.proctoring.selectors.similarity import pairs_of
from sessions_app.proctoring.selectors.timeline import timeline_of
from sessions_app.proctoring.services import staff
from sessions_app.proctoring.services.rescoring import rescore_session, rescore_sessions
from sessions_app.proctoring.states import Method

ACTIONS: dict[str, Callable[..., ProctoredSession]] = {
    "extend": staff.extend_session,
    "reopen": staff.reopen_session,
    "abandon": staff.abandon_session,
    "end": staff.end_session,
    "void": staff.void_session,
}


class ShortOfTime(admin.SimpleListFilter):
    """What *needs attention* leads to."""

    title, parameter_name = "time given back", "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("short", "Less than an outage took")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "short":
            return queryset
        return queryset.filter(pk__in=short_of_time(now=clock.now()).values("pk"))


START_FIELDS = ("candidate", "minutes", "reason")


class ReadOnly(admin.ModelAdmin):
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ProctoredSession)
class ProctoredSessionAdmin(ReadOnly):
    change_list_template = "proctoring/staff/change_list.html"
    list_display = ["candidate", "assessment", "status", "completion_method", "test_start_time",
                    "deadline", "completed_at", "is_void"]  # fmt: skip
    list_filter = ["status", "completion_method", ShortOfTime, "candidate__assessment"]
    list_select_related = ["candidate__assessment"]
    search_fields = ["candidate__name", "candidate__email", "=candidate__id"]
    date_hierarchy = "test_start_time"
    actions = ["score_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only through the erasure of a candidate, which deletes test, answers and log together."""
        view = request.resolver_match.view_name if request.resolver_match else ""
        erases = view.startswith("admin:sessions_app_candidate_")
        return erases and admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.display(description="assessment", ordering="candidate__assessment")
    def assessment(self, session: ProctoredSession) -> str:
        return str(session.candidate.assessment or "—")

    @admin.display(description="void", boolean=True)
    def is_void(self, session: ProctoredSession) -> bool:
        return session.voided_at is not None

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("live", guarded(self.live), name="proctoring_live"),
            path("analytics", guarded(self.analytics), name="proctoring_analytics"),
            path("<path:object_id>/act", guarded(self.act), name="proctoring_act"),
            path("<path:object_id>/rescore", guarded(self.rescore), name="proctoring_rescore"),
            path("<path:object_id>/playback", guarded(self.playback), name="proctoring_playback"),
            *super().get_urls(),
        ]

    @admin.action(description="Run the answers again", permissions=["change"])
    def score_again(self, request: HttpRequest, queryset: QuerySet[ProctoredSession]) -> None:
        """After a case was corrected: filter by assessment, choose all."""
        ids = queryset.order_by("pk").values_list("pk", flat=True)
        queued, skipped = rescore_sessions(ids, staff_id=request.user.pk, now=clock.now())
        more = f" {skipped} skipped: still running or void." if skipped else ""
        messages.success(request, f"{queued} queued.{more}")

    def live(self, request: HttpRequest) -> HttpResponse:
        """The board; its page fetches the rows alone every 10 s."""
        self._require_view(request)
        fragment = bool(request.headers.get("HX-Request"))
        template = "_live_rows.html" if fragment else "live.html"
        board = live_board(now=clock.now())
        return self._page(request, template, title="Live tests", board=board)

    def analytics(self, request: HttpRequest) -> HttpResponse:
        self._require_view(request)
        figures = analytics()
        ways = [(Method(row["completion_method"]).label, row) for row in figures.by_method]
        return self._page(
            request, "analytics.html", title="Test analytics", figures=figures, ways=ways
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One candidate's test: timeline, events, answers with revisions, staff actions."""
        self._require_view(request)
        return self._sitting(request, _session(object_id), StaffActionForm())

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Start a test for a candidate, as POST /api/test-session does for staff."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = StaffStartForm(request.POST or None, initial=request.GET.dict())
        if not form.is_valid():
            title = "Start a test for a candidate"
            return self._page(request, "start.html", title=title, form=form, media=form.media)
        candidate, minutes, reason = (form.cleaned_data[name] for name in START_FIELDS)
        who = {"staff_id": request.user.pk, "reason": reason}
        try:
            started = staff.start_for_candidate(
                candidate=candidate, asked_minutes=minutes, **who, now=clock.now()
            )
        except DomainError as error:
            messages.error(request, error.message)
        else:
            words = "Started." if started.created else "This test had been started before."
            messages.success(request, words)
        if not self.has_view_permission(request):
            return redirect("admin:index")
        return redirect(reverse("admin:sessions_app_proctoredsession_change", args=[candidate.pk]))

    def act(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A staff action; a final one is confirmed on a page that names candidate and effect."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        now, session, form = clock.now(), _session(object_id), StaffActionForm(request.POST)
        if not form.is_valid():
            return self._sitting(request, session, form)
        wanted = form.cleaned_data
        if form.must_ask:
            title = QUESTIONS[wanted["action"]].format(session.candidate.name)
            shown = {"session": session, "wanted": wanted, "left": minutes_left(session, now=now)}
            return self._page(request, "confirm.html", title=title, **shown)
        more = {"minutes": wanted["minutes"]} if wanted["action"] in WITH_MINUTES else {}
        who = {"candidate_id": session.pk, "staff_id": request.user.pk}
        try:
            ACTIONS[wanted["action"]](**who, reason=wanted["reason"], now=now, **more)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "Done, and written to the log of this test.")
        return redirect(reverse("admin:sessions_app_proctoredsession_change", args=[session.pk]))

    def rescore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Run the answers again, or that of one question; the old results stay."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        session, question = _session(object_id), as_uuid(request.POST.get("question", ""))
        who = {"candidate_id": session.pk, "staff_id": request.user.pk}
        try:
            queued = rescore_session(**who, question_id=question, now=clock.now())
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"{queued} queued. Earlier results stay below.")
        return redirect(reverse("admin:sessions_app_proctoredsession_change", args=[session.pk]))

    def playback(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The steps of one answer, as JSON."""
        self._require_view(request)
        session, key = _session(object_id), request.GET.get("key", "")
        return JsonResponse(steps_of(session, key))

    def _sitting(
        self, request: HttpRequest, session: ProctoredSession, form: StaffActionForm
    ) -> HttpResponse:
        events = list(session.events.all())
        in_time = sorted(events, key=lambda event: event.at)
        links = links_of(session)
        devices = devices_of(session, links)
        return self._page(
            request,
            "sitting.html",
            title=f"Test of {session.candidate}",
            session=session,
            beat=getattr(session, "beat", None),
            log=log_of(events),
            links=links,
            devices=devices,
            more_devices=are_more_than_kept(devices),
            timeline=timeline_of(session, in_time, now=clock.now()),
            answers=answers_of(session, with_growth=True),
            similar=pairs_of(session),
            score=score_of(session, now=clock.now()),
            runs=scoring_runs(session),
            form=form,
            may_act=self.has_change_permission(request),
        )

    def _page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"proctoring/staff/{template}", context)

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


@admin.register(Outage)
class OutageAdmin(ReadOnly):
    list_display = ["started_at", "ended_at", "sessions"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _session(object_id: str) -> ProctoredSession:
    sessions = ProctoredSession.objects.select_related("candidate__assessment", "beat")
    return get_object_or_404(sessions, pk=as_uuid(object_id))
