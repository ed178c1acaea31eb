"""Cache and locks against the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope

LONGEST_LOCK_SECONDS = 600
LOCK = "cache.lock"


def find_stale_locks(scope: Scope) -> Iterable[Problem]:
    """Every lock of ours expires by itself; one without an expiry was not made by us."""
    if not settings.REDIS_URL or scope.user_id is not None:
        return
    for key in sorted(cache.keys("lock:*")):
        left = cache.ttl(key)
        if left is None or left > LONGEST_LOCK_SECONDS:
            yield Problem(LOCK, key, "It never expires." if left is None else f"{left} s left.")


def drop_lock(problem: Problem, now: datetime) -> list[RowRef]:
    cache.delete(str(problem.pk))
    return []


CHECKS = [
    Check(
        name="stale_locks",
        title="Locks that never end",
        reason="Whoever waits for one waits its whole time, each time.",
        severity=Severity.MEDIUM,
        find=find_stale_locks,
        repair=Repair("Delete the lock", lambda problems: [[] for _ in problems], drop_lock),
    ),
]
