from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from common import clock
from common.errors import Invalid, LimitReached
from diagnostics.forms import ReportForm
from diagnostics.services.reports import record_report

REPORTS_AN_HOUR = 10


@require_POST
def report_problem(request: HttpRequest) -> HttpResponse:
    """From error pages (a form) and failure toasts (a fetch, 204)."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={name: list(map(str, e)) for name, e in form.errors.items()})
    key = f"reports:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, timeout=3600)
    with suppress(ValueError):  # the cache is away, or the hour has just ended
        if cache.incr(key) > REPORTS_AN_HOUR:
            raise LimitReached("You have reported often in this hour. We are looking at it.")
    record_report(user=request.user, now=clock.now(), **form.cleaned_data)
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    messages.success(request, "Thank you. We have your report and the reference.")
    return redirect("landing")
