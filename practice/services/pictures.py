"""Pictures on boards: their data is kept once for each owner, and goes when no board shows it.

Whoever adds a picture or looks for unused ones holds the lock of the owner's storage, so that no
picture goes while a board that shows it is being saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import User
from accounts.services import storage
from common.drafts import size_of
from practice.models import (
    BoardPicture,
    Whiteboard,
    WhiteboardHistory,
    WhiteboardRevision,
    WhiteboardRevisionHistory,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

SHOWING = (Whiteboard, WhiteboardRevision, WhiteboardHistory, WhiteboardRevisionHistory)
UNUSED_FOR = timedelta(days=1)


def keep_pictures(*, user: User, data: Mapping[str, str], now: datetime) -> None:
    """Store what is new of `{digest: data URL}`. Raises StorageFull (413). Joins the caller's
    transaction."""
    if not data:
        return
    storage.lock(user_id=user.pk)
    there = BoardPicture.objects.filter(user=user, digest__in=data)
    new = set(data) - set(there.values_list("digest", flat=True))
    rows = [
        BoardPicture(
            user=user,
            digest=digest,
            data=data[digest],
            stored_bytes=size_of(data[digest]),
            created_at=now,
        )
        for digest in sorted(new)
    ]
    storage.add_bytes(user=user, now=now, pictures=sum(row.stored_bytes for row in rows))
    BoardPicture.objects.bulk_create(rows)


def unused_pictures(*, user_id: int, before: datetime) -> QuerySet[BoardPicture]:
    """Pictures from before a moment that no board of their owner shows, nor a kept revision."""
    shown: set[str] = set()
    for model in SHOWING:
        rows = model._default_manager.filter(session__user_id=user_id).exclude(pictures={})
        for pictures in rows.order_by().values_list("pictures", flat=True).iterator():
            shown.update(pictures.values())
    old = BoardPicture.objects.filter(user_id=user_id, created_at__lte=before)
    unused = [pk for pk, digest in old.values_list("pk", "digest") if digest not in shown]
    return BoardPicture.objects.filter(pk__in=unused)


@transaction.atomic
def remove_unused_pictures(*, user_id: int, now: datetime, unused_for: timedelta) -> int:
    """Give the room of one owner's unused pictures back; returns how many there were."""
    storage.lock(user_id=user_id)
    unused = unused_pictures(user_id=user_id, before=now - unused_for)
    sizes = list(unused.values_list("stored_bytes", flat=True))
    if sizes:
        storage.free_bytes(user_id=user_id, pictures=sum(sizes))
        unused._raw_delete(unused.db)
    return len(sizes)


def owners_of_pictures(*, before: datetime) -> list[int]:
    rows = BoardPicture.objects.filter(created_at__lte=before).order_by("user_id")
    return list(rows.values_list("user_id", flat=True).distinct())
