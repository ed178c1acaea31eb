"""The review of a completed session, and the history of all."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from common import clock
from common.http.htmx import wants_fragment
from practice.errors import QuestionNotFound
from practice.exports import export_response
from practice.forms import HISTORY_FILTERS, filters_of
from practice.policies import get_completed_for, get_session_for
from practice.selectors.dashboard import next_for
from practice.selectors.history import history_of, history_rows
from practice.selectors.library import categories_in_use
from practice.selectors.review import review_of
from practice.services.deleting import delete_session
from practice.services.tracking import accept_practice_log, log_offer
from practice.views.revisions import page_of

PER_PAGE = 20


@login_required
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session_for(request.user, pk)
    if not session.is_completed:
        return redirect("practice:session", pk)
    context = {
        "review": review_of(session),
        "offer": log_offer(session=session),
        "next_card": next_for(request.user, besides=session.question_main_id),
    }
    return render(request, "practice/review.html", context)


@login_required
@require_GET
def review_question(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """One question in full: every try with its feedback, the board, the revisions."""
    whole = review_of(get_completed_for(request.user, pk))
    question = next((q for q in whole.questions if q.practice.order == order), None)
    if question is None:
        raise QuestionNotFound
    context = {
        "review": whole,
        "question": question,
        "revisions": page_of(request, "page", question.practice.revisions.all()),
    }
    return render(request, "practice/review_question.html", context)


@login_required
@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session_for(request.user, pk)
    return export_response(review_of(session), request.GET.get("format", "md"))


@login_required
@require_POST
def log_to_skills(request: HttpRequest, pk: int) -> HttpResponse:
    """The offer on the review page: create the skill and log this session's minutes."""
    if accept_practice_log(session=get_completed_for(request.user, pk), now=clock.now()):
        messages.success(request, "Logged to your skills.")
    return redirect("practice:review", pk)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    delete_session(user=request.user, session_id=pk, now=clock.now())
    messages.success(request, "The session was deleted.")
    return redirect("practice:history")


@login_required
@require_GET
@vary_on_headers("HX-Request")
def history(request: HttpRequest) -> HttpResponse:
    filters = filters_of(request.GET, HISTORY_FILTERS)
    page = Paginator(history_of(request.user, **filters), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": history_rows(list(page.object_list), with_trend=True),
        "filters": filters,
        "categories": categories_in_use("design"),
    }
    template = "_history_rows.html" if wants_fragment(request) else "history.html"
    return render(request, f"practice/{template}", context)
