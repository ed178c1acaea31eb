"""Undo of deletes: rows are stored as snapshots, and restored with the same ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import IntegrityError, models, transaction

from accounts.models import User
from accounts.services import storage
from common import clock
from common.db import snapshots
from common.db.plain_json import bytes_of_json
from common.db.snapshots import Snapshot
from common.errors import NotFound
from common.row_limits import limit_of
from tracking.errors import CannotRestore, DeletingTooFast, RestoreExpired
from tracking.models import Evidence, PracticeLog, Skill, Trash
from tracking.services.row_limits import refuse_too_many

UNDO_FOR = timedelta(minutes=10)
KEPT_FOR = timedelta(days=7)
# Parents first: the order in which rows are written back.
MODELS: dict[str, type[models.Model]] = {
    Trash.Kind.SKILL.value: Skill,
    Trash.Kind.LOG.value: PracticeLog,
    Trash.Kind.EVIDENCE.value: Evidence,
}
KINDS = {model: kind for kind, model in MODELS.items()}


def move_to_trash(
    row: Skill | PracticeLog | Evidence, *children: models.QuerySet[Any], now: datetime
) -> Trash:
    """Delete a row and its children (parents first), kept for undo; joins the caller's
    transaction, which holds the person's row (`storage.lock`)."""
    _make_room(row.user_id, now=now)
    kept = [row, *(child for rows in children for child in rows)]
    taken = [snapshots.take(one) for one in kept]
    trash, _ = Trash.objects.update_or_create(
        kind=KINDS[type(row)],
        object_id=row.pk,
        defaults={
            "user_id": row.user_id,
            "rows": taken,
            "stored_bytes": bytes_of_json(taken),
            "deleted_at": now,
        },
    )
    _forget_older(trash)
    storage.free_bytes(user_id=row.user_id, evidence=bytes_of(kept))
    for rows in reversed(children):
        rows.delete()
    row.delete()
    return trash


def _make_room(user_id: int, *, now: datetime) -> None:
    """Above the limit what can no longer be restored goes before its seven days are over."""
    rows, limit = Trash.objects.filter(user_id=user_id), limit_of("deleted")
    if rows.count() < limit:
        return
    rows.filter(deleted_at__lt=now - UNDO_FOR).delete()
    if (used := rows.count()) < limit:
        return
    again = rows.earliest("deleted_at").deleted_at + UNDO_FOR
    raise DeletingTooFast(
        extra={"limit": limit, "used": used, "resets_at": clock.iso(again)},
        headers={"Retry-After": str(ceil((again - now).total_seconds()) + 1)},
    )


def _forget_older(newest: Trash) -> None:
    """Above the bytes that deletions may take together the oldest go, undoable or not; the newest
    stays, whatever its size. So undo cannot keep more than the limit, or one deletion."""
    older = Trash.objects.filter(user_id=newest.user_id).exclude(pk=newest.pk)
    used, limit = newest.stored_bytes, limit_of("deleted_bytes")
    gone: list[int] = []
    for pk, size in older.order_by("-deleted_at", "-pk").values_list("pk", "stored_bytes"):
        used += size
        if used > limit:
            gone.append(pk)
    older.filter(pk__in=gone).delete()


def locked(rows: models.QuerySet) -> Any:
    """The one row of `rows`, locked; NotFound when a concurrent request deleted it."""
    row = rows.select_for_update().first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def restore(*, user: User, kind: str, object_id: int, now: datetime) -> None:
    """Write deleted rows back; does nothing when they exist, as for a repeated request.

    Raises NotFound (never there, or not this user's), RestoreExpired after ten minutes,
    CannotRestore when a newer row stands in the way, TooMany (413) above the limits of rows.
    """
    if MODELS[kind]._default_manager.filter(pk=object_id, user_id=user.pk).exists():
        return
    storage.lock(user_id=user.pk)  # before the trash, as where rows are deleted
    trash = Trash.objects.select_for_update().filter(
        user_id=user.pk, kind=kind, object_id=object_id
    )
    row = trash.first()
    if row is None:
        raise NotFound
    if now > row.deleted_at + UNDO_FOR:
        raise RestoreExpired
    # Only the transaction that deletes the trash row restores; a concurrent duplicate finds none.
    if trash.delete()[0] == 0:
        return
    rows = snapshots.load(_snapshots_of(row))
    _check_parents(rows)
    refuse_too_many(user_id=user.pk, adding=rows)
    # What was theirs comes back even where the quota of bytes is used up.
    storage.free_bytes(user_id=user.pk, evidence=-bytes_of(rows))
    try:
        snapshots.insert(rows)
    except IntegrityError as error:
        raise CannotRestore(
            "Something of the same name or source was made meanwhile, so this cannot come back."
        ) from error


def bytes_of(rows: Iterable[models.Model]) -> int:
    """What the evidence among rows takes of the quota."""
    return sum(row.stored_bytes for row in rows if isinstance(row, Evidence))


def _snapshots_of(trash: Trash) -> list[Snapshot]:
    """Until 2026-11-30 columns stood by kind, with neither model nor key beside them."""
    if isinstance(trash.rows, list):
        return trash.rows
    return [
        {"model": model._meta.label, "pk": columns["id"], "fields": columns}
        for kind, model in MODELS.items()
        for columns in trash.rows.get(kind, [])
    ]


def _check_parents(rows: Iterable[models.Model]) -> None:
    """A log is restored to its skill only, evidence to its log: those must be restored first."""
    for model, column, name in ((Skill, "skill_id", "skill"), (PracticeLog, "log_id", "log")):
        own = {row.pk for row in rows if isinstance(row, model)}
        wanted = {getattr(row, column, None) for row in rows} - own - {None}
        if model._default_manager.filter(pk__in=wanted).count() < len(wanted):
            raise CannotRestore(
                f"Its {model._meta.verbose_name} was deleted. Restore the {name} first."
            )
