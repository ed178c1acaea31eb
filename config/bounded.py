"""Bounds the requests inside Django in a process with many threads for heartbeats."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import orjson
from corsheaders.middleware import CorsMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpResponse

from common.http.middleware import reference_of

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
        self._lock, self._free = threading.Lock(), at_once
        self._waiting: deque[threading.Lock] = deque()

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        if not self._enter():
            return _busy(environ, start_response)
        try:
            response = self.application(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                if hasattr(response, "close"):
                    response.close()
                connections.close_all()
        finally:
            self._leave()

    def _enter(self) -> bool:
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=LONGEST_WAIT):
            return True
        with self._lock:
            if turn not in self._waiting:  # let in at the last moment
                return True
            self._waiting.remove(turn)
            return False

    def _leave(self) -> None:
        # To the one that waits longest: a semaphore lets newcomers overtake, 1 in 700 over 2 s.
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


def _busy(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
    request = WSGIRequest(environ)
    headers = {"Cache-Control": "no-store", "Retry-After": "2"}
    headers["X-Request-ID"] = reference_of(request)
    response = HttpResponse(BUSY, status=503, content_type="application/json", headers=headers)
    response["Content-Length"] = str(len(BUSY))
    CorsMiddleware(lambda _: response)(request)
    start_response("503 Service Unavailable", list(response.items()))
    return [BUSY]
