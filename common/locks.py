"""Distributed locks that spare work; the real guard is always a database constraint."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

logger = logging.getLogger(__name__)


@contextmanager
def lock(name: str, *, timeout: float = 10, wait: float = 5) -> Iterator[bool]:
    """Hold a lock for at most `timeout` seconds; yields False when there is no lock server or the
    wait is over, and the caller goes on: the database decides."""
    handle = _acquire(name, timeout=timeout, wait=wait)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            _release(handle)


def _acquire(name: str, *, timeout: float, wait: float):  # type: ignore[no-untyped-def]
    if not hasattr(cache, "lock"):
        return None
    try:
        handle = cache.lock(f"lock:{name}", timeout=timeout, blocking_timeout=wait)
        return handle if handle.acquire() else None
    except Exception as error:  # no lock server means go on (STACK.md)
        logger.warning("lock %s not taken: %s", name, error)
        return None


def _release(handle) -> None:  # type: ignore[no-untyped-def]
    try:
        handle.release()
    except Exception as error:  # expired, or the server went away meanwhile
        logger.info("lock not released: %s", error)
