"""A Redis cache that falls back to the memory of the process.

While Redis is unreachable, each process counts and remembers by itself. Answering every read with a
miss, as ignoring errors does, is not enough: code that takes a lock by `add`, like the rate limit
of sign-in, would wait until its timeout.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

ASK_AGAIN_SECONDS = 5.0
_away_until: dict[str, float] = {}  # by address: each thread has an instance of its own


def _or_memory(name: str) -> Callable[..., Any]:
    """Run the operation in Redis, or in memory while Redis is unreachable."""

    def operation(self: FallbackCache, *args: Any, **kwargs: Any) -> Any:
        if not self.is_away:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                self.note_failure(error)
        return getattr(self.memory, name)(*args, **kwargs)

    return operation


class FallbackCache(RedisCache):
    """Uses Redis, and for some seconds after a failure the memory of this process."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._ignore_exceptions = False
        self.memory = LocMemCache(f"away:{server}", {"OPTIONS": {"MAX_ENTRIES": 10_000}})

    @property
    def is_away(self) -> bool:
        """Whether Redis failed a moment ago: spares the next callers a timeout of their own."""
        return time.monotonic() < _away_until.get(str(self._server), 0.0)

    def note_failure(self, error: Exception) -> None:
        _away_until[str(self._server)] = time.monotonic() + ASK_AGAIN_SECONDS
        logger.warning("cache server away, going on without it: %s", error)

    get, set, add, delete, touch = map(_or_memory, ("get", "set", "add", "delete", "touch"))
    get_many, set_many, delete_many = map(_or_memory, ("get_many", "set_many", "delete_many"))
    incr, decr, has_key, clear = map(_or_memory, ("incr", "decr", "has_key", "clear"))
    __contains__ = has_key
