"""Renders errors: `{"error", "code", "fields"}` under /api, a page or a fragment otherwise. Used by
DRF's exception handler and by `common.http.middleware`.

Under /api/test-session and /api/candidates the body also says `"success": false` (CONTRACT).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import NumericValueOutOfRange
from rest_framework.exceptions import APIException, ValidationError

from common import clock
from common.errors import DomainError
from common.http.htmx import wants_fragment
from common.http.json import JSONRenderer

SUCCESS_FLAG_PREFIXES = ("/api/test-session", "/api/candidates")
DATABASE_AWAY = (OperationalError, InterfaceError)
STATUS_OF: dict[Any, int] = {
    Http404: 404,
    PermissionDenied: 403,
    RequestDataTooBig: 413,
    DATABASE_AWAY: 503,
}
CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    411: "length_required",
    413: "too_large",
    415: "unsupported_media_type",
    422: "idempotency_key_reused",
    429: "throttled",
    500: "server_error",
    503: "unavailable",
}
SENTENCES = {
    400: "Some of what was sent is not valid.",
    403: "You may not do this.",
    404: "There is nothing here.",
    405: "This method is not allowed here.",
    411: "This request must state its length.",
    413: "This request is too large.",
    500: "Something went wrong on our side. Nothing you saved is lost.",
    503: "The database cannot be reached. Nothing was changed.",
}


def refusal(status: int, message: str = "", *, code: str = "", **parts: Any) -> DomainError:
    """The error for a bare HTTP status, with its standard code and sentence."""
    message = message or SENTENCES.get(status, "This cannot be done.")
    error = DomainError(message, code=code or CODES.get(status, "refused"), **parts)
    error.status = status
    return error


def refusal_of(error: Exception) -> DomainError | None:
    """What a client may see of an error; None for an internal error, which is a 500."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, APIException):
        return _refusal_of_drf(error)
    if is_number_beyond_64_bit(error):
        return refusal(400, "A number in this request is too large.")
    return next((refusal(s) for kind, s in STATUS_OF.items() if isinstance(error, kind)), None)


def is_number_beyond_64_bit(error: Exception) -> bool:
    """A number that no column holds: what the adapters of both databases and PostgreSQL say."""
    if isinstance(error, DataError):
        return isinstance(error.__cause__, NumericValueOutOfRange)
    endings = ("to convert to SQLite INTEGER", "int too big to convert")
    return isinstance(error, OverflowError) and str(error).endswith(endings)


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's EXCEPTION_HANDLER."""
    known = refusal_of(error)
    return None if known is None else render_error(context["request"], known)


def render_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    if is_api(request):
        flag = {"success": False} if request.path.startswith(SUCCESS_FLAG_PREFIXES) else {}
        body = {**flag, "error": error.message, "code": error.code, "fields": error.fields}
        content = JSONRenderer().render(body | error.extra)
        response = HttpResponse(content, status=error.status, content_type="application/json")
    else:
        name = "_error_fragment" if wants_fragment(request) else "error"
        response = render(request, f"errors/{name}.html", _context(request, error))
        response.status_code = error.status
    response.is_rendered_error = True  # type: ignore[attr-defined]
    if error.status == 503:
        response["Retry-After"] = "5"
    for header, value in error.headers.items():
        response[header] = value
    return response


def is_api(request: HttpRequest) -> bool:
    return request.path == "/api" or request.path.startswith("/api/")


def _context(request: HttpRequest, error: DomainError) -> dict[str, Any]:
    return {
        "status": error.status,
        "message": error.message,
        "code": error.code,
        "error_id": getattr(request, "error_id", ""),
        **error.extra,
    }


def _refusal_of_drf(error: APIException) -> DomainError:
    headers: dict[str, str] = {}
    extra: dict[str, Any] = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if error.status_code == 429:
        wait = int(getattr(error, "wait", None) or 0) + 1
        headers["Retry-After"] = str(wait)
        again = clock.iso(clock.now() + timedelta(seconds=wait))
        extra = {"limit": None, "used": None, "resets_at": again}
    if not isinstance(error, ValidationError):
        return refusal(error.status_code, str(error.detail), headers=headers, extra=extra)
    detail = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    fields = {str(name): _messages(value) for name, value in detail.items()}
    names = [name for name in fields if name != "non_field_errors"]
    general = next(iter(fields.get("non_field_errors", [])), "")
    message = f"Please correct: {', '.join(names)}." if names else general
    return refusal(400, message, fields=fields)


def _messages(detail: Any) -> list[str]:
    """Flatten DRF's nested details into sentences, each saying where it belongs."""
    if isinstance(detail, dict):
        return [
            f"{key}: {message}" for key, value in detail.items() for message in _messages(value)
        ]
    if isinstance(detail, (list, tuple)):
        return [message for item in detail for message in _messages(item)]
    return [str(detail)]
