"""The quota of stored bytes: added before rows are written, given back when they go.

One conditional UPDATE adds and refuses, so concurrent saves cannot pass the quota together. Whoever
changes stored rows calls this first and holds the person's row to the end of the transaction; the
daily limits (`services.usage`) come after it. All functions join the caller's transaction.
Source: DESIGN §10 (Limits), docs/limits.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts import stored_rows
from accounts.errors import StorageFull
from accounts.models import StorageUse, StoredKind, User
from accounts.selectors.plans import plan_of
from common.db import insert_if_absent

TOTAL = reduce(add, (F(kind) for kind in StoredKind.values))


def add_bytes(*, user: User, now: datetime, **by_kind: int) -> None:
    """Add bytes by kind (`answers=120`); negative ones are given back. Raises StorageFull (413)
    when more would be stored than the person's plan allows."""
    added = sum(by_kind.values())
    if added <= 0:
        free_bytes(user_id=user.pk, **{kind: -size for kind, size in by_kind.items()})
        return
    # The free quota first: it nearly always decides, without a look at the plan.
    if _add(user.pk, by_kind, within=settings.STORAGE_BYTES["free"] - added):
        return
    used = lock(user_id=user.pk).total
    limit = settings.STORAGE_BYTES[plan_of(user, now=now)]
    if not _add(user.pk, by_kind, within=limit - added):
        raise StorageFull.of(limit=limit, used=used)


def growth_of(*, user: User, kind: StoredKind, now: datetime) -> Callable[[int], None]:
    """`add_bytes` of one kind, for `common.drafts`."""
    return lambda added: add_bytes(user=user, now=now, **{kind.value: added})


def free_bytes(*, user_id: int, **by_kind: int) -> None:
    """Give bytes back, whatever the quota."""
    if any(by_kind.values()):
        _add(user_id, {kind: -size for kind, size in by_kind.items()}, within=None)


def lock(*, user_id: int) -> StorageUse:
    """Hold the person's row, which is made now if there is none."""
    rows = StorageUse.objects.select_for_update().filter(pk=user_id)
    held = rows.first()
    if held is None:
        insert_if_absent(StorageUse(user_id=user_id))
        held = rows.get()
    return held


def _add(user_id: int, by_kind: dict[str, int], *, within: int | None) -> bool:
    rows: Any = StorageUse.objects.filter(pk=user_id)
    if within is not None:
        rows = rows.alias(stored=TOTAL).filter(stored__lte=within)
    return bool(rows.update(**{kind: F(kind) + size for kind, size in by_kind.items()}))


@dataclass(frozen=True)
class Recount:
    """A person whose counters differed from the rows."""

    user_id: int
    before: dict[str, int]
    after: dict[str, int]


def drifted() -> list[Recount]:
    """Everybody whose counters differ from their rows now. Those who save meanwhile may be among
    them; `recount` looks again under the lock."""
    rows = stored_rows.measured()
    counted = {use.pk: use.by_kind for use in StorageUse.objects.all()}
    empty = dict.fromkeys(StoredKind.values, 0)
    pairs = (
        Recount(pk, counted.get(pk, empty), {**empty, **rows.get(pk, {})})
        for pk in sorted({*rows, *counted})
    )
    return [pair for pair in pairs if pair.before != pair.after]


@transaction.atomic(durable=True)
def recount(*, user_id: int) -> Recount:
    """Set a person's counters to what their rows say."""
    use = lock(user_id=user_id)
    before = use.by_kind
    measured = stored_rows.measured(user_id=user_id).get(user_id, {})
    after = {**dict.fromkeys(StoredKind.values, 0), **measured}
    StorageUse.objects.filter(pk=user_id).update(**after)
    return Recount(user_id, before, after)
