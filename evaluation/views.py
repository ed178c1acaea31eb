from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from common import clock
from common.http.htmx import wants_fragment
from evaluation.models import Evaluation
from evaluation.policies import get_evaluation_for, get_visible_evaluation_for
from evaluation.services.objections import object_to_point
from evaluation.services.requests import cancel_evaluation, retry_evaluation, use_local_check

FRAGMENT = "evaluation/_feedback.html"


@login_required
@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = get_visible_evaluation_for(request.user, pk)
    return render(request, "evaluation/page.html", _context(evaluation))


@login_required
@require_GET
def fragment(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = get_visible_evaluation_for(request.user, pk)
    response = render(request, FRAGMENT, _context(evaluation))
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda e: retry_evaluation(evaluation=e, now=clock.now()))


@login_required
@require_POST
def take_local(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda e: use_local_check(evaluation=e, now=clock.now()))


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda e: cancel_evaluation(evaluation=e, now=clock.now()))


@login_required
@require_POST
def objections(request: HttpRequest, pk: int) -> HttpResponse:
    title, note = request.POST.get("point_title", ""), request.POST.get("note", "").strip()

    def keep(evaluation: Evaluation) -> Evaluation:
        object_to_point(evaluation=evaluation, point_title=title, note=note, now=clock.now())
        return evaluation

    return _act(request, pk, keep)


def _act(request: HttpRequest, pk: int, action: Callable[[Evaluation], Evaluation]) -> HttpResponse:
    """Do it, then show the fragment; without a script go back to the page it was asked from."""
    evaluation = action(get_evaluation_for(request.user, pk))
    if wants_fragment(request):
        return render(request, FRAGMENT, _context(evaluation))
    back = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("evaluation:page", pk=pk)


def _context(evaluation: Evaluation) -> dict[str, object]:
    return {"evaluation": evaluation, "answer": evaluation.answer}
