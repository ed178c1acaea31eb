"""A Redis cache of JSON values that falls back to the memory of the process.

JSON, since whoever can write into Redis must not thereby run code here, as unpickling would let
them. A value that is not JSON counts as missing.

While Redis is unreachable, each process counts and remembers by itself. Answering every read with a
miss, as ignoring errors does, is not enough: code that takes a lock by `add`, like the rate limit
of sign-in, would wait until its timeout.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import orjson
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache
from django_redis.client import DefaultClient
from django_redis.serializers.base import BaseSerializer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

ASK_AGAIN_SECONDS = 5.0
# Moments and dataclasses would come back as something else: whoever caches them says how.
STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
UNREADABLE = object()
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


class JSONSerializer(BaseSerializer):
    """Text, numbers, None, lists and objects of them; a tuple comes back as a list. Anything else
    raises TypeError."""

    def dumps(self, value: Any) -> bytes:
        return orjson.dumps(value, option=STRICT)

    def loads(self, value: bytes) -> Any:
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            logger.warning("a cached value is not JSON and counts as missing")
            return UNREADABLE


class JSONClient(DefaultClient):
    """Takes a value that is not JSON (poisoned, or of an older release) as missing, and removes it:
    `add` would find it in its way for good."""

    def get(self, key: str, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        value = super().get(key, default, *args, **kwargs)
        if value is not UNREADABLE:
            return value
        self.delete(key, kwargs.get("version"))
        return default

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = super().get_many(*args, **kwargs).items()
        return {key: value for key, value in found if value is not UNREADABLE}


class MemoryCache(LocMemCache):
    """The memory of this process, which takes and gives what the server does."""

    json = JSONSerializer({})

    def _encoded(self, value: Any) -> Any:
        """Whole numbers stay as they are, to be counted up."""
        return value if type(value) is int else self.json.dumps(value)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return super().add(key, self._encoded(value), timeout, version)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> None:
        super().set(key, self._encoded(value), timeout, version)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        value = super().get(key, default, version)
        return self.json.loads(value) if isinstance(value, bytes) else value


class FallbackCache(RedisCache):
    """Uses Redis, and for some seconds after a failure the memory of this process."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._ignore_exceptions = False
        self.memory = MemoryCache(f"away:{server}", {"OPTIONS": {"MAX_ENTRIES": 10_000}})

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
