"""Bodies that state no length (`Transfer-Encoding: chunked`, HTTP/2) and compressed ones.

Django reads as many bytes as `Content-Length` says, none without it: such a request would succeed
although nothing of it was read.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from common.errors import DomainError
from common.http.errors import refusal
from common.text import LARGEST_INTEGER, whole_number

PIECE = 64 * 1024
COMPRESSED = "A compressed body is not read here. Send it without Content-Encoding."
NO_LENGTH = "This body states no length. Send it with Content-Length."


def refused_body(request: HttpRequest) -> DomainError | None:
    """Make a streamed body readable like any other; the refusal where that cannot be: 411 (the
    server does not mark the end of a stream), 413 (over MAX_UPLOAD_BYTES), 415 (compressed)."""
    if request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in ("", "identity"):
        return refusal(415, COMPRESSED, headers={"Accept-Encoding": "identity"})
    if is_streamed(request.META):
        if not request.META.get("wsgi.input_terminated"):
            return refusal(411, NO_LENGTH)
        body = read_at_most(request.META["wsgi.input"], settings.MAX_UPLOAD_BYTES + 1)
        request.META["CONTENT_LENGTH"] = str(len(body))
        request._stream = BytesIO(body)  # type: ignore[attr-defined]
    return refusal(413) if content_length(request) > settings.MAX_UPLOAD_BYTES else None


def is_streamed(meta: dict[str, Any]) -> bool:
    is_http_2 = meta.get("SERVER_PROTOCOL", "").startswith("HTTP/2")
    return "HTTP_TRANSFER_ENCODING" in meta or (is_http_2 and not meta.get("CONTENT_LENGTH"))


def read_at_most(stream: Any, most: int) -> bytes:
    body = bytearray()
    while len(body) < most and (piece := stream.read(min(PIECE, most - len(body)))):
        body += piece
    return bytes(body)


def content_length(request: HttpRequest) -> int:
    """0 without a number; one with too many digits is more than any limit."""
    length = request.META.get("CONTENT_LENGTH") or ""
    number = whole_number(length)
    if number is None:
        return LARGEST_INTEGER if length.isdigit() else 0
    return number
