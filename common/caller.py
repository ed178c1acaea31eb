"""Whose request is being answered: what a trace says of it, without handing requests to services.

Set by `common.request_log` around each request of Django. Workers, commands and the batching writer
of heartbeats have none.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from common.http.address import client_address


@dataclass
class Caller:
    """`traces` counts the audit entries that this request has left so far."""

    request: Any
    traces: int = 0

    @property
    def user(self) -> Any:
        """The signed-in person or candidate, by page session or token; None for nobody."""
        user = getattr(self.request, "user", None)
        return user if getattr(user, "is_authenticated", False) else None

    @property
    def address(self) -> str:
        return client_address(self.request)

    @property
    def request_id(self) -> str:
        return getattr(self.request, "error_id", "")


_caller: ContextVar[Caller | None] = ContextVar("etude_caller", default=None)


def current() -> Caller | None:
    return _caller.get()


def enter(request: Any) -> Any:
    """Call before a request, and `leave` after it with what this returned."""
    return _caller.set(Caller(request))


def leave(token: Any) -> None:
    _caller.reset(token)
