"""Unsubscribing from a kind of mail, by the link in it; without signing in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tracking.services import mail


@csrf_exempt  # RFC 8058: mail programs post without a cookie; the signed token authorizes them
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, so that a scanner that follows links turns nothing off; POST unsubscribes."""
    known = mail.read_token(token)
    if known is None:
        raise Http404
    user, kind = known
    if request.method == "POST":
        mail.unsubscribe(user=user, kind=kind)
    context = {"kind": kind, "done": request.method == "POST", "address": user.email}
    return render(request, "tracking/unsubscribe.html", context)
