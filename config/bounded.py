"""Bounds the requests inside Django in a process with many threads for heartbeats."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import orjson
from django.db import connections

if TYPE_CHECKING:
    from sessions_app.proctoring.hot.wsgi import Application, Environ

LONGEST_WAIT = 2.0
BUSY = orjson.dumps(
    {
        "success": False,
        "error": "The server is busy. Nothing was changed; try again in a moment.",
        "code": "busy",
        "fields": {},
    }
)


class Bounded:
    """Runs `application` in the calling thread, at most `at_once` requests at a time; one more
    waits 2 s, then it is answered 503.

    A request inside may hold a database connection. It is closed or returned to the pool before the
    next one is let in, whatever CONN_MAX_AGE says: else each of the many threads would keep one.
    """

    def __init__(self, application: Application, *, at_once: int) -> None:
        self.application = application
        self._room = threading.BoundedSemaphore(at_once)

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        if not self._room.acquire(timeout=LONGEST_WAIT):
            return _busy(start_response)
        try:
            response = self.application(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                if hasattr(response, "close"):
                    response.close()
                connections.close_all()
        finally:
            self._room.release()


def _busy(start_response: Callable[..., object]) -> Iterable[bytes]:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(BUSY)))]
    headers += [("Cache-Control", "no-store"), ("Retry-After", "2")]
    start_response("503 Service Unavailable", headers)
    return [BUSY]
