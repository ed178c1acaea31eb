"""Counters of starts: the document's “session creation success rate”.

Counts are in the cache, by UTC day; without a cache server each process has its own, and the rate
covers less. Nothing depends on them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from common import clock

STARTS = {
    "/api/v1/practice-main": "practice",
    "/api/sessions": "interview",
    "/api/test-session": "test",
}
RESULTS = ("created", "existing", "refused", "failed")
KEPT = timedelta(days=3)


def count_starts(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: counts only creating POSTs, and never fails one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        kind = kind_of(request)
        if kind is not None:
            count(kind, result_of(response.status_code))
        return response

    return middleware


def kind_of(request: HttpRequest) -> str | None:
    if request.method != "POST":
        return None
    if request.path in STARTS:
        return STARTS[request.path]
    if request.path == "/interviews":
        return "interview"
    is_page_start = request.path.startswith("/practice/") and request.path.endswith("/start")
    return "practice" if is_page_start else None


def result_of(status: int) -> str:
    if status in (201, 302):
        return "created"
    if status < 300:
        return "existing"
    return "failed" if status >= 500 else "refused"


def count(kind: str, result: str, times: int = 1) -> None:
    key = _key(clock.now().date(), kind, result)
    with suppress(Exception):  # a counter may never fail a start
        # The first of its day creates the key.
        if not cache.add(key, times, timeout=int(KEPT.total_seconds())):
            cache.incr(key, times)


def counts(day: date) -> dict[str, dict[str, int]]:
    """{kind: {result: count}} of a UTC day."""
    return {
        kind: {result: cache.get(_key(day, kind, result)) or 0 for result in RESULTS}
        for kind in ("practice", "interview", "test")
    }


def _key(day: date, kind: str, result: str) -> str:
    return f"starts:{day}:{kind}:{result}"
