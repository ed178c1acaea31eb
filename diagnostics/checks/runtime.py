"""Cache and locks against the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache

from diagnostics.errors import CacheAway
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope
from practice import bank_cache
from practice.models import QuestionMain

LONGEST_LOCK_SECONDS = 600
LOCK = "cache.lock"
ENTRY = "cache.entry"


def find_inconsistent_entries(scope: Scope) -> Iterable[Problem]:
    """Compares each cached entry of the bank with the database."""
    if scope.user_id is not None:
        return
    rows = {bank_cache.key_of(row): row for row in QuestionMain.objects.in_use().design()}
    entries = cache.get_many(rows)
    _require_answer()
    for key, entry in entries.items():
        if entry != bank_cache.parts_of(rows[key]):
            yield Problem(ENTRY, key, f"{rows[key].slug} is not what the database says.")


def find_stale_locks(scope: Scope) -> Iterable[Problem]:
    """Every lock of ours has an expiry; one without was not made by us."""
    if not settings.REDIS_URL or scope.user_id is not None:
        return
    shared: Any = cache  # Redis here, which knows keys and how long they live
    shared.get("asked")  # raises when the server is unreachable, as `keys` does not
    _require_answer()
    for key in sorted(shared.keys("lock:*")):
        left = shared.ttl(key)
        if left is None or left > LONGEST_LOCK_SECONDS:
            yield Problem(LOCK, key, "It never expires." if left is None else f"{left} s left.")


def _require_answer() -> None:
    """Raises while the server is unreachable: the check then fails instead of finding nothing."""
    shared: Any = cache
    if settings.REDIS_URL and shared.is_away:
        raise CacheAway


def no_rows(problems: Sequence[Problem]) -> list[list[RowRef]]:
    """Cached values need no snapshot: they are made again from the database."""
    return [[] for _ in problems]


def drop_entry(problem: Problem, now: datetime) -> list[RowRef]:
    cache.delete(str(problem.pk))
    return []


CHECKS = [
    Check(
        name="cache_consistency",
        title="Cached question sets that differ from the database",
        reason="People read questions that were changed or withdrawn.",
        severity=Severity.HIGH,
        find=find_inconsistent_entries,
        repair=Repair("Drop the entry; the next reader fills it", no_rows, drop_entry),
    ),
    Check(
        name="stale_locks",
        title="Locks that never end",
        reason="Each caller waits for its whole time-out.",
        severity=Severity.MEDIUM,
        find=find_stale_locks,
        repair=Repair("Delete the lock", no_rows, drop_entry),
    ),
]
