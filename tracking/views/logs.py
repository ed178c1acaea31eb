"""The table of practice logs, and one log: new, edited, deleted, brought back."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from common import clock
from common.errors import DomainError
from common.http.htmx import wants_fragment
from common.templatetags.etude import minutes_in_words
from tracking.api.transfer import export_response
from tracking.forms import LogFilterForm, LogForm, refusals_on
from tracking.models import Trash
from tracking.policies import get_log_for
from tracking.selectors.logs import filtered_logs
from tracking.selectors.pages import page_of, skills_by_name, what_goes_with
from tracking.selectors.progress import today_of
from tracking.services.logs import delete_log, edit_log, log_session
from tracking.services.trash import restore
from tracking.views.common import back, offer_undo, sent, take_undo_offer


@login_required
@require_GET
@vary_on_headers("HX-Request")
def logs(request: HttpRequest) -> HttpResponse:
    filters = LogFilterForm(request.GET).filters()
    rows = filtered_logs(request.user, **filters).select_related("skill")
    context = {
        "history": page_of(rows, request.GET.get("cursor", "")),
        "filters": filters,
        "query": urlencode({k: v for k, v in filters.items() if v}),
        "skills": skills_by_name(request.user),
        "undo": take_undo_offer(request),
    }
    page = "_log_table.html" if wants_fragment(request) else "logs.html"
    return render(request, f"tracking/{page}", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    initial = {"date_practiced": today_of(request.user, now), "skill": request.GET.get("skill")}
    form = LogForm(*sent(request), user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            log = log_session(user=request.user, now=now, **form.cleaned_data)
        if form.is_valid():
            messages.success(
                request, f"Logged {minutes_in_words(log.duration_minutes)} of {log.skill}."
            )
            return back(request, "tracking:skill", log.skill_id)
    context = {"form": form, "title": "Log practice", "button": "Log practice"}
    return render(request, "tracking/log_form.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A row of the table turns into its form, and back; without scripts, a page."""
    log = get_log_for(request.user, pk)
    form = LogForm(*sent(request), user=request.user, log=log)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            log = edit_log(log=log, user=request.user, now=clock.now(), **form.cleaned_data)
        if form.is_valid():
            return _row(request, log) if wants_fragment(request) else back(request, "tracking:logs")
    context = {"form": form, "log": log, "title": f"Edit practice of {log.skill}", "button": "Save"}
    page = "_log_edit_row.html" if wants_fragment(request) else "log_form.html"
    return render(request, f"tracking/{page}", context, status=422 if form.errors else 200)


@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One row of the table, as it was before editing."""
    log = get_log_for(request.user, pk)
    if not wants_fragment(request):
        return redirect("tracking:skill", log.skill_id)
    return _row(request, log)


def _row(request: HttpRequest, log: object) -> HttpResponse:
    entry = {"log": log, "evidence": log.evidence.oldest_first()}  # type: ignore[attr-defined]
    return render(request, "tracking/_log_row.html", {"entry": entry})


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, naming what goes with it; afterwards offers to bring it back."""
    log = get_log_for(request.user, pk)
    if request.method == "POST":
        delete_log(log=log, now=clock.now())
        if wants_fragment(request):
            return render(request, "tracking/_log_deleted_row.html", {"pk": pk, "log": log})
        words = f"Deleted {minutes_in_words(log.duration_minutes)} of {log.skill}."
        offer_undo(request, kind="practice_log", pk=pk, words=words)
        return back(request, "tracking:logs")
    context = {
        "log": log,
        "title": f"Delete {minutes_in_words(log.duration_minutes)} of {log.skill}?",
        "goes": what_goes_with(log),
        "keep": reverse("tracking:logs"),
    }
    page = "_log_confirm_row.html" if wants_fragment(request) else "confirm.html"
    return render(request, f"tracking/{page}", context)


@login_required
@require_POST
def undo(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Bring back what was deleted a moment ago."""
    if kind not in Trash.Kind.values:
        raise Http404
    try:
        restore(user=request.user, kind=kind, object_id=pk, now=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
        return back(request, "tracking:skills")
    if wants_fragment(request) and kind == Trash.Kind.LOG:
        return _row(request, get_log_for(request.user, pk))
    messages.success(request, "It is back.")
    return back(request, "tracking:skills")


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    asked = request.GET.get("format", "")
    chosen = asked if asked in ("json", "xlsx") else "csv"
    filters = LogFilterForm(request.GET).filters()
    return export_response(request.user, chosen, filters, for_people=True)
