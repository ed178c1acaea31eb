from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django_prometheus.exports import ExportToDjangoView

from common.rights import has_right
from diagnostics import policies


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text for staff who may diagnose, as the console's key metrics, for a scraper with
    METRICS_TOKEN, and for anyone with DEBUG."""
    if not _may_read(request):
        raise PermissionDenied
    return ExportToDjangoView(request)


def _may_read(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if settings.METRICS_TOKEN and constant_time_compare(sent, settings.METRICS_TOKEN):
        return True
    return settings.DEBUG or has_right(request.user, policies.VIEW)
