"""How often something may be done in a while, counted in the cache.

A window begins with its first use and lasts a fixed time; refused tries do not lengthen
it. Without Redis each process counts by itself (`common.cache`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple, Self

from django.core.cache import cache

from common import clock
from common.errors import LimitReached


class Rate(NamedTuple):
    """At most `amount` within `seconds` from the first one on."""

    amount: int
    seconds: int


class TooOften(LimitReached):
    """429 with `Retry-After` and `resets_at`, without `limit` and `used`."""

    code = "throttled"

    @classmethod
    def of(cls, message: str, *, wait: int, now: datetime) -> Self:
        again = clock.iso(now + timedelta(seconds=wait))
        return cls(
            message,
            extra={"limit": None, "used": None, "resets_at": again},
            headers={"Retry-After": str(wait)},
        )


def take(name: str, rate: Rate, *, now: datetime) -> int:
    """Count one more use of `name`; the seconds to wait when that is one too many, else 0."""
    key, ends = _key(name, rate), f"{_key(name, rate)}:ends"
    for _ in range(2):
        if cache.add(key, 0, timeout=rate.seconds):
            cache.set(ends, now.timestamp() + rate.seconds, timeout=rate.seconds)
        try:
            used = cache.incr(key)
        except ValueError:  # the window ended, or the cache went, between the two statements
            continue
        return _left(ends, rate, now) if used > rate.amount else 0
    return 0


def wait_for(name: str, rate: Rate, *, now: datetime) -> int:
    """The seconds until `name` may be used again, 0 when it may be; counts nothing."""
    key = _key(name, rate)
    return _left(f"{key}:ends", rate, now) if cache.get(key, 0) >= rate.amount else 0


def _left(ends: str, rate: Rate, now: datetime) -> int:
    left = cache.get(ends, now.timestamp() + rate.seconds) - now.timestamp()
    return max(1, min(ceil(left), rate.seconds))


def refuse_too_often(name: str, rates: Iterable[Rate], *, words: str, now: datetime) -> None:
    """Count one more use; raises TooOften, which says `words` and when to come back."""
    for rate in rates:
        if wait := take(name, rate, now=now):
            raise TooOften.of(f"{words} Try again {in_words(wait)}.", wait=wait, now=now)


def in_words(seconds: int) -> str:
    minutes = ceil(seconds / 60)
    return "in a minute" if minutes == 1 else f"in {minutes} minutes"


def give_back(name: str, rate: Rate) -> None:
    """Take one use back, if its window still runs."""
    key = _key(name, rate)
    try:
        if cache.decr(key) < 0:
            cache.delete(key)
    except ValueError:
        return


def forget(name: str, rate: Rate) -> None:
    """Begin anew: nothing was used."""
    cache.delete(_key(name, rate))


def _key(name: str, rate: Rate) -> str:
    return f"limit:{name}:{rate.amount}/{rate.seconds}"
