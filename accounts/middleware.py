from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from common import clock


def use_the_users_timezone(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Pages show times in the learner's zone; the API speaks UTC whatever is active."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return get_response(request)
        with timezone.override(clock.zone(request.user.timezone)):
            return get_response(request)

    return middleware
