"""Each web process says every 20 s that it is there, so that an absence can be given back.

Started by `config.wsgi`, never by commands or tests. A pulse that fails (no database) is itself
part of the outage: the next one that succeeds finds the gap.
"""

from __future__ import annotations

import logging
import threading

from django.db import Error, connections

from common import clock
from sessions_app.proctoring.services.outages import record_pulse

log = logging.getLogger(__name__)

EVERY_SECONDS = 20.0
_first = threading.Event()
_lock = threading.Lock()
_thread: threading.Thread | None = None


def start_pulse() -> None:
    """Begin once per process."""
    global _thread
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=_run, name="proctoring-pulse", daemon=True)
            _thread.start()


def wait_for_first_pulse(timeout: float = 2.0) -> None:
    """After a start nothing may be closed before lost time was given back."""
    if _thread is not None:
        _first.wait(timeout)


def beat_once() -> None:
    try:
        outage = record_pulse(now=clock.now())
        if outage is not None:
            log.warning("the server had been away since %s: time given back", outage.started_at)
    except Error as error:
        log.warning("no pulse: %s", error)
    finally:
        connections.close_all()


def _run() -> None:
    pause = threading.Event()
    while True:
        beat_once()
        _first.set()
        pause.wait(EVERY_SECONDS)
