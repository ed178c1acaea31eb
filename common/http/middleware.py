"""For every request and response: a request id, a limit on the body's size, errors in one shape,
the Content-Security-Policy, and `Cache-Control: no-store` on personal responses."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

from csp.constants import HEADER as POLICY
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase

from common.errors import DomainError
from common.http.bodies import content_length, refused_body
from common.http.errors import (
    DATABASE_AWAY,
    SENTENCES,
    is_api,
    refusal,
    refusal_of,
    render_error,
)

logger = logging.getLogger(__name__)

# A refused body is read up to this size, since a client that is still sending loses the response.
MAX_READ_AFTER_REFUSAL = 128 * 1024 * 1024
REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def reference_of(request: HttpRequest) -> str:
    """The request id for page, report and log: the one that was sent, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if REFERENCE.fullmatch(given) else uuid.uuid4().hex


class HttpMiddleware(CSPMiddleware):
    """Stands before authentication and behind the middlewares that add headers to responses."""

    def process_request(  # type: ignore[override]  # the parent never answers
        self, request: HttpRequest
    ) -> HttpResponseBase | None:
        super().process_request(request)  # the nonce
        request.error_id = reference_of(request)  # type: ignore[attr-defined]
        refused = refused_body(request)
        return None if refused is None else render_error(request, refused)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if isinstance(error, DomainError) and error.keep is not None:
            try:
                error.keep()
            except DomainError as nothing_kept:
                error = nothing_kept
        if isinstance(error, DATABASE_AWAY):
            logger.exception("database error")
        known = refusal_of(error)
        return None if known is None else render_error(request, known)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if _is_bare_error(request, response):
            headers = {"Allow": response["Allow"]} if "Allow" in response else None
            response = render_error(request, refusal(response.status_code, headers=headers))
        # The parent adds no policy to error pages under DEBUG.
        parts = self.get_policy_parts(request=request, response=response)
        response.headers.setdefault(POLICY, build_policy(**asdict(parts)))
        # ASVS 14.3.2
        if is_api(request) or "cookie" in response.get("Vary", "").lower():
            response.headers.setdefault("Cache-Control", "private, no-store")
        response["X-Request-ID"] = request.error_id  # type: ignore[attr-defined]
        _read_to_the_end(request)
        return response


def load_user(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Loads the user right behind authentication, where an unreachable database can still be
    answered with 503. Django turns an error inside any other middleware into a 500."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            try:
                bool(request.user.is_authenticated)
            except DATABASE_AWAY:
                logger.exception("database error")
                request.user = AnonymousUser()
                return render_error(request, refusal(503))
        return get_response(request)

    return middleware


def _read_to_the_end(request: HttpRequest) -> None:
    """A client that is still sending would see a broken connection instead of the answer."""
    if hasattr(request, "_body") or not 0 < content_length(request) <= MAX_READ_AFTER_REFUSAL:
        return
    with suppress(OSError):
        while request.read(64 * 1024):
            pass


def _is_bare_error(request: HttpRequest, response: HttpResponseBase) -> bool:
    """An error not yet in our shape: under /api anything that is not JSON, on pages an empty body
    or DEBUG's list of URLs."""
    if response.status_code not in SENTENCES or getattr(response, "is_rendered_error", False):
        return False
    if is_api(request):
        return not response.get("Content-Type", "").startswith("application/json")
    is_list_of_urls = response.status_code == 404 and request.resolver_match is None
    return is_list_of_urls or not getattr(response, "content", b"-")
