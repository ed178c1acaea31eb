"""The one handler of the API: every refusal becomes `{"error", "code", "fields"}`.

Under /api/test-session and /api/candidates the body also says `"success": false` (CONTRACT).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common import clock
from common.errors import DomainError

SUCCESS_FLAG_PREFIXES = ("/api/test-session", "/api/candidates")
CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "idempotency_key_reused",
    429: "throttled",
    500: "server_error",
    503: "unavailable",
}


def error_body(
    path: str, *, message: str, code: str, fields: dict | None = None, extra: dict | None = None
) -> dict[str, Any]:
    """The contract's error body for a request path."""
    body: dict[str, Any] = {"error": message, "code": code, "fields": fields or {}, **(extra or {})}
    if path.startswith(SUCCESS_FLAG_PREFIXES):
        body = {"success": False, **body}
    return body


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    request = context.get("request")
    path = getattr(request, "path", "")
    if isinstance(error, DomainError):
        response = _domain(error, path)
    elif isinstance(error, exceptions.APIException):
        response = _api(error, path)
    elif isinstance(error, Http404):
        response = _plain(404, "There is nothing here.", path)
    elif isinstance(error, PermissionDenied):
        response = _plain(403, "You may not do this.", path)
    elif isinstance(error, RequestDataTooBig):
        response = _plain(413, "This request is too large.", path)
    elif isinstance(error, (OperationalError, InterfaceError)):
        response = _plain(503, "The database cannot be reached. Nothing was changed.", path)
        response["Retry-After"] = "5"
    else:
        return None
    set_rollback()
    return response


def _domain(error: DomainError, path: str) -> Response:
    body = error_body(
        path, message=error.message, code=error.code, fields=error.fields, extra=error.extra
    )
    return Response(body, status=error.status, headers=error.headers)


def _api(error: exceptions.APIException, path: str) -> Response:
    status = error.status_code
    headers: dict[str, str] = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    extra = None
    if status == 429:
        wait = int(getattr(error, "wait", None) or 0) + 1
        headers["Retry-After"] = str(wait)
        again = clock.iso(clock.now() + timedelta(seconds=wait))
        extra = {"limit": None, "used": None, "resets_at": again}
    fields = _fields(error.detail) if isinstance(error, exceptions.ValidationError) else {}
    message = _sentence(error, fields)
    body = error_body(
        path, message=message, code=CODES.get(status, "refused"), fields=fields, extra=extra
    )
    return Response(body, status=status, headers=headers)


def _plain(status: int, message: str, path: str) -> Response:
    return Response(error_body(path, message=message, code=CODES[status]), status=status)


def _sentence(error: exceptions.APIException, fields: dict[str, list[str]]) -> str:
    if isinstance(error, exceptions.ValidationError):
        names = [name for name in fields if name != "non_field_errors"]
        if names:
            return f"Please correct: {', '.join(names)}."
        return next(iter(fields.get("non_field_errors", [])), "Some of what was sent is not valid.")
    return str(error.detail)


def _fields(detail: Any) -> dict[str, list[str]]:
    if isinstance(detail, dict):
        return {str(name): _messages(value) for name, value in detail.items()}
    return {"non_field_errors": _messages(detail)}


def _messages(detail: Any) -> list[str]:
    """Flatten DRF's nested details into sentences, each saying where it belongs."""
    if isinstance(detail, dict):
        return [
            f"{key}: {message}" for key, value in detail.items() for message in _messages(value)
        ]
    if isinstance(detail, (list, tuple)):
        return [message for item in detail for message in _messages(item)]
    return [str(detail)]
