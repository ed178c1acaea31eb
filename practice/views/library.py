"""The library and the page of one set."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from common import clock
from common.http.htmx import wants_fragment
from common.locks import one_at_a_time
from practice.forms import LIBRARY_FILTERS, filters_of
from practice.policies import get_set_for
from practice.selectors.history import history_of, history_rows
from practice.selectors.library import LibraryFilters, library_of, questions_of
from practice.selectors.progress import progress_of
from practice.selectors.sessions import find_active, has_completed
from practice.services.sessions import start_session


@login_required
@require_GET
@vary_on_headers("HX-Request")
def library(request: HttpRequest) -> HttpResponse:
    filters = LibraryFilters(**filters_of(request.GET, LIBRARY_FILTERS))
    context = {"filters": filters, "library": library_of(user=request.user, filters=filters)}
    page = "_library_cards.html" if wants_fragment(request) else "library.html"
    return render(request, f"practice/{page}", context)


@login_required
@require_GET
def question_set(request: HttpRequest, slug: str) -> HttpResponse:
    row = get_set_for(request.user, slug=slug)
    active = find_active(user=request.user, question_main_id=row.pk)
    past = history_rows(history_of(request.user, question_main_id=row.pk)[:12], with_trend=True)
    context = {
        "question_main": row,
        "questions": questions_of(row),
        "active": active,
        "progress": progress_of(active) if active else None,
        "past": past,
        "revealed": has_completed(user=request.user, question_main_id=row.pk),
    }
    return render(request, "practice/question_set.html", context)


@login_required
@require_POST
@one_at_a_time("practice-start")
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Start or resume: on to the first question without a submission."""
    row = get_set_for(request.user, slug=slug)
    session, _ = start_session(user=request.user, question_main_id=row.pk, now=clock.now())
    return redirect("practice:session", session.pk)
