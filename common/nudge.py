"""Wake a worker. The row is the queue: a nudge that gets lost only delays, so it may never
fail or slow the request that sends it (by default a hung broker blocked one for over 90 s)."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.pools import producers

logger = logging.getLogger(__name__)

SILENT_AFTER_FAILURE_SECONDS = 30.0
SOCKET_TIMEOUT_SECONDS = 0.3

_lock = threading.Lock()
_silent_until = 0.0
_connection: Any = None


def nudge(task_name: str, *args: Any) -> None:
    """Send a Celery task after the current transaction commits; errors are logged, never raised."""
    transaction.on_commit(lambda: _send(task_name, args), robust=True)


def _send(task_name: str, args: tuple[Any, ...]) -> None:
    global _silent_until
    if not settings.REDIS_URL or time.monotonic() < _silent_until:
        return
    try:
        with producers[_write_connection()].acquire(block=True, timeout=1) as producer:
            current_app.send_task(task_name, args=args, producer=producer, retry=False)
    except Exception as error:
        # Any failure of the broker lands here; the beat's sweep finds the row instead.
        _silent_until = time.monotonic() + SILENT_AFTER_FAILURE_SECONDS
        logger.warning("nudge %s not sent: %s", task_name, error)


def _write_connection() -> Any:
    global _connection
    with _lock:
        if _connection is None:
            _connection = current_app.connection_for_write()
            _connection.transport_options = {
                **(_connection.transport_options or {}),
                "socket_connect_timeout": SOCKET_TIMEOUT_SECONDS,
                "socket_timeout": SOCKET_TIMEOUT_SECONDS,
                "max_retries": 0,
            }
    return _connection


def forget_failures() -> None:
    """Send again at once; for tests and for the operator's repair command."""
    global _silent_until
    _silent_until = 0.0
