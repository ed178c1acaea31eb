"""Each web process says every 20 s that it serves, so that an absence can be given back.

Started by `config.wsgi`, never by commands or tests. A pulse that fails (no database) is itself
part of the outage: the next one that succeeds finds the gap. So is one that is not given because
the server lives but answers nobody (`config.door`). What lies before our door, a proxy or a
network, is not seen from here: that time staff give back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import Error, connections

from common import clock
from sessions_app.proctoring.services.outages import record_web_pulse

log = logging.getLogger(__name__)

# The first one when the door has had time to open; whoever comes sooner gives it (`ensure`).
FIRST_SECONDS = 5.0
EVERY_SECONDS = 20.0
LATE_SECONDS = 30.0
RETRY_SECONDS = 5.0
LONGEST_WAIT = 2.0


class Pulse:
    """The pulse of this process, by the clock on the wall: it goes on while a machine sleeps."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._given = self._tried = float("-inf")

    def start(self, *, is_served: Callable[[], bool] = lambda: True) -> None:
        """Begin once per process; nothing is said while `is_served` says no."""
        if self.thread is None:
            self.thread = threading.Thread(
                target=self._run, args=[is_served], name="proctoring-pulse", daemon=True
            )
            self.thread.start()

    def ensure(self) -> None:
        """Nothing is taken or closed before lost time was given back: not after a start, and not
        after this process stood still or was without its database."""
        if self.thread is not None and self._is_late():
            self._give(only_if_late=True)

    def _run(self, is_served: Callable[[], bool]) -> None:
        pause = threading.Event()
        pause.wait(FIRST_SECONDS)
        while True:
            self.give_if(is_served)
            pause.wait(EVERY_SECONDS)

    def give_if(self, is_served: Callable[[], bool]) -> None:
        """One turn of the thread."""
        if is_served():
            self._give()
        else:
            log.warning("no pulse: this server does not answer")

    def _is_late(self) -> bool:
        now = time.time()
        return now - self._given > LATE_SECONDS and now - self._tried > RETRY_SECONDS

    def _give(self, *, only_if_late: bool = False) -> None:
        if not self._lock.acquire(timeout=LONGEST_WAIT):
            return
        try:
            if not only_if_late or self._is_late():
                began = time.time()
                if beat_once():
                    self._given = began
                self._tried = began
        finally:
            self._lock.release()


def beat_once() -> bool:
    """Record that a web process is there; false when that was not possible."""
    try:
        outage = record_web_pulse(now=clock.now())
    except Error as error:
        log.warning("no pulse: %s", error)
        return False
    except Exception:
        # The thread lives as long as its process: a pulse that died would look like an outage.
        log.exception("no pulse")
        return False
    finally:
        connections.close_all()
    if outage is not None:
        log.warning("the web had been away since %s: time given back", outage.started_at)
    return True


pulse = Pulse()
