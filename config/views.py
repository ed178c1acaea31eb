"""The few pages that join apps: landing, dashboard, errors."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.services.demo import ensure_demo_people
from common.clock import now
from common.http.errors import refusal, render_error
from config.dashboard import dashboard_of


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("dashboard")
    return render(request, "landing.html")


@require_POST
def try_as_demo_learner(request: HttpRequest) -> HttpResponse:
    """DEBUG only: one click to look around."""
    if not settings.DEBUG:
        raise Http404
    learner = ensure_demo_people()[0]
    response: HttpResponse = perform_login(request, learner)
    return response


@login_required
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard.html", {"dashboard": dashboard_of(request.user, now=now())})


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django's CSRF check refused the form."""
    error = refusal(403, "This form is no longer valid.", code="csrf_failed")
    return render_error(request, error)


def too_often(request: HttpRequest) -> HttpResponseBase:
    """Shown when allauth's own limits refuse. It does not say for how long; mostly a minute."""
    error = refusal(429, "Too many attempts. Try again later.", headers={"Retry-After": "60"})
    return render_error(request, error)


def _refusing(status: int) -> Callable[..., HttpResponseBase]:
    def handler(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
        return render_error(request, refusal(status))

    return handler


bad_request, forbidden, not_found, server_error = map(_refusing, (400, 403, 404, 500))
