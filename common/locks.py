"""Distributed locks that spare work; correctness rests on database constraints."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.cache import cache

logger = logging.getLogger(__name__)

CLICK_WAIT_SECONDS = 1.0
View = TypeVar("View", bound=Callable[..., Any])


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


def _acquire(name: str, *, timeout: float, wait: float) -> Any:
    shared: Any = cache
    if not hasattr(shared, "lock") or shared.is_away:
        return None
    try:
        handle = shared.lock(f"lock:{name}", timeout=timeout, blocking_timeout=wait)
        return handle if handle.acquire() else None
    except Exception as error:  # without a lock server constraints decide
        logger.warning("lock %s not taken: %s", name, error)
        shared.note_failure(error)
        return None


def _release(handle: Any) -> None:
    try:
        handle.release()
    except Exception as error:  # expired, or the server went away meanwhile
        logger.info("lock not released: %s", error)


def one_at_a_time(name: str) -> Callable[[View], View]:
    """Decorates a view: requests of one signed-in user run one after another.

    The lock is taken outside the view's transaction, so that the second request sees what the first
    has committed. Best effort: after the timeout the request runs anyway.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            request = args[0] if hasattr(args[0], "user") else args[1]
            if request.method != "POST" or not request.user.is_authenticated:
                return view(*args, **kwargs)
            with lock(f"{name}:{request.user.pk}", wait=CLICK_WAIT_SECONDS):
                return view(*args, **kwargs)

        return guarded  # type: ignore[return-value]

    return decorate
