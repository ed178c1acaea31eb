"""Errors of pages and of everything outside DRF: one shape for the API, a page or a fragment
for people. DRF's own errors are rendered by `common.http.exceptions`. And what every answer
carries: a policy for scripts, and the word that personal answers are not to be kept."""

from __future__ import annotations

import functools
import logging
import re
import uuid
from collections.abc import Callable
from contextlib import suppress

from csp.constants import HEADER as POLICY
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from common.errors import DomainError
from common.htmx import wants_fragment
from common.http.exceptions import CODES, error_body
from common.scoped import brings_a_token, pages_only

logger = logging.getLogger(__name__)

# What a refused body may still hold and be read to its end, so that the answer arrives.
MAX_READ_AFTER_REFUSAL = 128 * 1024 * 1024
REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,64}")
SENTENCES = {
    400: "Some of what was sent is not valid.",
    403: "You may not do this.",
    404: "There is nothing here.",
    405: "This method is not allowed here.",
    413: "This request is too large.",
    500: "Something went wrong on our side. Nothing you saved is lost.",
    503: "The database cannot be reached. Nothing was changed.",
}


class ErrorMiddleware:
    """Outermost of ours: refuses what is too large, names each request, and turns whatever comes
    back as a bare error under /api into the contract's shape."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        # One reference for page, report and log.
        name = given if REFERENCE.fullmatch(given) else uuid.uuid4().hex
        request.error_id = name  # type: ignore[attr-defined]
        response = self._answer(request)
        response["X-Request-ID"] = name
        _read_to_the_end(request)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if _is_too_large(request):
            return error_response(request, 413)
        response = self.get_response(request)
        return _dress(request, response)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if isinstance(error, DomainError):
            if error.keep is not None:
                error.keep()
            return domain_error_response(request, error)
        if isinstance(error, (OperationalError, InterfaceError)):
            logger.exception("database error")
            return error_response(request, 503)
        if isinstance(error, RequestDataTooBig):
            return error_response(request, 413)
        if isinstance(error, Http404):
            return error_response(request, 404)
        return None


def _is_too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or ""
    return length.isdigit() and int(length) > settings.MAX_UPLOAD_BYTES


def _read_to_the_end(request: HttpRequest) -> None:
    """Who still sends when the answer comes sees a broken connection instead of the answer."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit() or int(length) > MAX_READ_AFTER_REFUSAL or hasattr(request, "_body"):
        return
    with suppress(OSError):
        while request.read(64 * 1024):
            pass


def dress_bare_errors(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Innermost of all: what replaces a bare error still gets every header."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return _dress(request, get_response(request))

    return middleware


def _dress(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if not _is_bare_error(request, response):
        return response
    allow = {"Allow": response["Allow"]} if "Allow" in response else None
    return error_response(request, response.status_code, headers=allow)


def _is_bare_error(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Under /api whatever is not JSON; on pages an empty answer, and DEBUG's list of URLs."""
    if response.status_code not in SENTENCES or getattr(response, "is_dressed", False):
        return False
    if _is_api(request):
        return not response.get("Content-Type", "").startswith("application/json")
    is_list_of_urls = response.status_code == 404 and request.resolver_match is None
    return is_list_of_urls or not getattr(response, "content", b"-")


def _is_api(request: HttpRequest) -> bool:
    return request.path == "/api" or request.path.startswith("/api/")


class PolicyMiddleware(CSPMiddleware):
    """django-csp leaves 404 out under DEBUG, where Django shows a page of its own; we do not.

    The answer to a call with a token is JSON, where no script runs: its policy is always the same
    and is put together once.
    """

    def process_request(self, request: HttpRequest) -> None:
        if not brings_a_token(request):
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if brings_a_token(request):
            response.headers.setdefault(POLICY, policy_without_scripts())
            return response
        if response.status_code != 404:
            return super().process_response(request, response)
        response.status_code = 200
        try:
            return super().process_response(request, response)
        finally:
            response.status_code = 404


@functools.cache
def policy_without_scripts() -> str:
    """Settings' own policy without the nonce that a page has."""
    return build_policy()


@pages_only
def know_the_person(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Right behind authentication: reads who it is while a database that is away can still be
    said. Django turns an error inside any other middleware into a 500."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return get_response(request)
        try:
            bool(request.user.is_authenticated)
        except (OperationalError, InterfaceError):
            logger.exception("database error")
            request.user = AnonymousUser()
            return error_response(request, 503)
        return get_response(request)

    return middleware


def keep_private(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Answers of the API and those that depend on a cookie stay in no cache (ASVS 8.2.1)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        depends_on_cookie = "cookie" in response.get("Vary", "").lower()
        if (_is_api(request) or depends_on_cookie) and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


def domain_error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    return error_response(
        request,
        error.status,
        message=error.message,
        code=error.code,
        fields=error.fields,
        extra=error.extra,
        headers=error.headers,
    )


def error_response(  # noqa: PLR0913 - the parts of the contract's body
    request: HttpRequest,
    status: int,
    *,
    message: str = "",
    code: str = "",
    fields: dict[str, list[str]] | None = None,
    extra: dict[str, object] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """JSON under /api, a fragment for HTMX, a page otherwise."""
    message = message or SENTENCES.get(status, "This cannot be done.")
    code = code or CODES.get(status, "refused")
    if _is_api(request):
        body = error_body(request.path, message=message, code=code, fields=fields, extra=extra)
        response: HttpResponse = JsonResponse(body, status=status)
    else:
        response = _html(request, status, message, code, extra or {})
    response.is_dressed = True  # type: ignore[attr-defined]
    if status == 503:
        response["Retry-After"] = "5"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _html(
    request: HttpRequest, status: int, message: str, code: str, extra: dict[str, object]
) -> HttpResponse:
    context = {
        "status": status,
        "message": message,
        "code": code,
        "error_id": getattr(request, "error_id", ""),
        **extra,
    }
    template = "errors/_error_fragment.html" if wants_fragment(request) else "errors/error.html"
    return render(request, template, context, status=status)
