"""Refusals with a message for a person or client; `common.http.errors` renders them as JSON, a page
or a fragment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class DomainError(Exception):
    """A request that a rule refuses.

    `code` is for programs, `status` the HTTP status, `message` one sentence for a person. `fields`
    maps field names to lists of sentences. `extra` is merged into the body (for example `limit`,
    `used`, `resets_at`), `headers` into the response. `keep`, when given, is called after the
    refused transaction was rolled back, to save what must not be lost with it.
    """

    code = "refused"
    status = 400
    message = "This request cannot be carried out."

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        fields: Mapping[str, list[str]] | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        keep: Callable[[], object] | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})
        self.keep = keep
        super().__init__(self.message)


class Invalid(DomainError):
    code, status, message = "invalid", 400, "Some of what was sent is not valid."


class Forbidden(DomainError):
    code, status, message = "forbidden", 403, "You may not do this."


class NotFound(DomainError):
    code, status, message = "not_found", 404, "There is nothing here."


class Conflict(DomainError):
    code, status, message = "conflict", 409, "This is not possible in the present state."


class TooLarge(DomainError):
    code, status, message = "too_large", 413, "That is too large to be taken."


class LimitReached(DomainError):
    code, status, message = "limit_reached", 429, "You have reached today's limit."
