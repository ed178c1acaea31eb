"""Each process that serves candidates records a web heartbeat every 20 s, so that the time in which
all of them were away can be given back to open tests.

Started by `config.wsgi` and `config.wsgi_heartbeats`, never by commands or tests. One that cannot
be recorded (no database) is itself part of the outage: the next one that succeeds finds the gap. So
is one that is left out because the process runs but does not answer (`config.health_probe`). A
failure in front of both services, of a proxy or a network, is not seen here: that time staff give
back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import Error, connections

from common import clock
from sessions_app.proctoring.services.outages import record_web_heartbeat

log = logging.getLogger(__name__)

# The first one when the server has had time to listen; a request that comes sooner records it.
FIRST_SECONDS = 5.0
EVERY_SECONDS = 20.0
LATE_SECONDS = 30.0
RETRY_SECONDS = 5.0
LONGEST_WAIT = 2.0


class WebHeartbeat:
    """Of this process, by wall-clock time, which goes on while a machine sleeps."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._recorded = self._tried = float("-inf")

    def start(self, *, is_served: Callable[[], bool] = lambda: True) -> None:
        """Start once per process; nothing is recorded while `is_served` is false."""
        if self.thread is None:
            self.thread = threading.Thread(
                target=self._run, args=[is_served], name="web-heartbeat", daemon=True
            )
            self.thread.start()

    def ensure(self) -> None:
        """Called by each request of a candidate: nothing is taken or closed before lost time was
        given back, neither after a start nor after this process stood still or was without its
        database."""
        if self.thread is not None and self._is_late():
            self._record(only_if_late=True)

    def _run(self, is_served: Callable[[], bool]) -> None:
        pause = threading.Event()
        pause.wait(FIRST_SECONDS)
        while True:
            self.record_if(is_served)
            pause.wait(EVERY_SECONDS)

    def record_if(self, is_served: Callable[[], bool]) -> None:
        """One turn of the thread."""
        if is_served():
            self._record()
        else:
            log.warning("no web heartbeat: this server does not answer")

    def _is_late(self) -> bool:
        now = time.time()
        return now - self._recorded > LATE_SECONDS and now - self._tried > RETRY_SECONDS

    def _record(self, *, only_if_late: bool = False) -> None:
        if not self._lock.acquire(timeout=LONGEST_WAIT):
            return
        try:
            if not only_if_late or self._is_late():
                began = time.time()
                if record_once():
                    self._recorded = began
                self._tried = began
        finally:
            self._lock.release()


def record_once() -> bool:
    """Record that a web process runs; false when that was not possible."""
    try:
        outage = record_web_heartbeat(now=clock.now())
    except Error as error:
        log.warning("no web heartbeat: %s", error)
        return False
    except Exception:
        # The thread lives as long as its process: if it died, that would look like an outage.
        log.exception("no web heartbeat")
        return False
    finally:
        connections.close_all()
    if outage is not None:
        log.warning("the web had been away since %s: time given back", outage.started_at)
    return True


web_heartbeat = WebHeartbeat()
