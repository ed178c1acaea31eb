from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from common import clock
from common.errors import Invalid
from common.http.address import client_address, network_of
from common.limits import Rate, refuse_too_often
from diagnostics.forms import ReportForm
from diagnostics.services.reports import record_report

REPORTS = Rate(10, 3600)


@require_POST
def report_problem(request: HttpRequest) -> HttpResponse:
    """From error pages (a form) and failure toasts (a fetch, 204)."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={name: list(map(str, e)) for name, e in form.errors.items()})
    refuse_too_often(
        f"reports:{network_of(client_address(request))}",
        [REPORTS],
        words="You have reported often in this hour. We are looking at it.",
        now=clock.now(),
    )
    record_report(user=request.user, now=clock.now(), **form.cleaned_data)
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    messages.success(request, "Thank you. We have your report and the reference.")
    return redirect("landing")
