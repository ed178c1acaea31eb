"""One log line for each request, and its request id on every other line written during it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject, empty

from common import caller
from common.http.address import client_address

logger = structlog.stdlib.get_logger("etude.request")
contextvars = structlog.contextvars


def log_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; `ms` is the time inside it. An error is logged by Django's own line, with the
    traceback, under the same request id."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        contextvars.clear_contextvars()
        contextvars.bind_contextvars(request_id=getattr(request, "error_id", ""))
        asking = caller.enter(request)
        try:
            response = get_response(request)
        finally:
            caller.leave(asking)
        seconds = time.perf_counter() - begun
        log_finished(request, response.status_code, seconds=seconds, user_id=_user_id(request))
        return response

    return middleware


def log_finished(request: HttpRequest, status: int, *, seconds: float, **more: Any) -> None:
    logger.log(
        _level(status),
        "request_finished",
        request=f"{request.method} {request.get_full_path()}",
        code=status,
        ms=round(seconds * 1000, 1),
        ip=client_address(request),
        user_agent=request.META.get("HTTP_USER_AGENT"),
        **more,
    )


def _level(status: int) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.WARNING if status >= 400 else logging.INFO


def _user_id(request: HttpRequest) -> Any:
    """Only of a user who was loaded already: a log line must not cost a read of the session."""
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject) and user.__dict__.get("_wrapped") is empty:
        return None
    return getattr(user, "pk", None)
