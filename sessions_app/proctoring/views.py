"""The candidate's pages: the link, and the room."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.services import audit
from common import clock
from sessions_app.assessments.api.authentication import COOKIE, candidate_of
from sessions_app.assessments.services.candidates import (
    LINK_OPENED,
    SITTING,
    note_link_opened,
    sitting_token,
)
from sessions_app.assessments.tokens import BadToken
from sessions_app.proctoring.selectors.candidate_page import candidate_page_of, trial_page_of
from sessions_app.proctoring.services.devices import note_device
from sessions_app.proctoring.services.status import apply_due_transitions


@require_GET
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Trade the link for a cookie and redirect to an address without the token. Starts no test."""
    now = clock.now()
    try:
        candidate = candidate_of(token, now=now)
    except BadToken as error:
        return _no_test(request, str(error))
    note_device(request, candidate.pk, now=now)
    if request.user.is_authenticated and request.user.is_staff:
        audit.record(LINK_OPENED, subject=candidate)
    else:
        note_link_opened(candidate=candidate, now=now)
    response = redirect("proctoring:room")
    response.set_cookie(
        COOKIE,
        sitting_token(candidate=candidate, now=now),
        max_age=int(SITTING.total_seconds()),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@require_GET
@never_cache
def room(request: HttpRequest) -> HttpResponse:
    """Before, during or after the test, by the server's clock; only the page's script starts it."""
    now = clock.now()
    try:
        candidate = candidate_of(request.COOKIES.get(COOKIE, ""), now=now)
    except BadToken:
        return _no_test(request, "Please open the link from your invitation.")
    apply_due_transitions(candidate_id=candidate.pk, now=now)
    note_device(request, candidate.pk, now=now)
    page = candidate_page_of(candidate, now=now)
    context = {"candidate": candidate, "room": page}
    return render(request, f"proctoring/{page.stage}.html", context)


@require_GET
@never_cache
def trial(request: HttpRequest) -> HttpResponse:
    """The practice room; once the test has started, the test itself."""
    now = clock.now()
    try:
        candidate = candidate_of(request.COOKIES.get(COOKIE, ""), now=now)
    except BadToken:
        return _no_test(request, "Please open the link from your invitation.")
    page = trial_page_of(candidate, now=now)
    if page.session:
        return redirect("proctoring:room")
    return render(request, "proctoring/trial.html", {"candidate": candidate, "room": page})


def _no_test(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "proctoring/no_test.html", {"reason": reason}, status=401)
