"""Undo of deletes: rows are kept as JSON, and come back with the same ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import User
from common.errors import NotFound
from tracking.errors import CannotRestore, RestoreExpired
from tracking.models import Evidence, PracticeLog, Skill, Trash

UNDO_FOR = timedelta(minutes=10)
KEPT_FOR = timedelta(days=7)
# Parents first: the order in which rows are written back.
MODELS: dict[str, type[models.Model]] = {
    "skill": Skill,
    "practice_log": PracticeLog,
    "evidence": Evidence,
}


def bury(
    *,
    user_id: int,
    kind: str,
    object_id: int,
    rows: dict[str, Iterable[models.Model]],
    now: datetime,
) -> Trash:
    """Keep rows for undo; joins the caller's transaction, which then deletes them."""
    images = {name: [image_of(row) for row in items] for name, items in rows.items()}
    return Trash.objects.update_or_create(
        kind=kind,
        object_id=object_id,
        defaults={"user_id": user_id, "rows": images, "deleted_at": now},
    )[0]


def locked(rows: models.QuerySet) -> Any:
    """The one row of `rows`, locked; NotFound when a parallel request deleted it."""
    row = rows.select_for_update().first()
    if row is None:
        raise NotFound
    return row


def image_of(row: models.Model) -> dict[str, Any]:
    """Column values as JSON: dates and moments as ISO text."""
    image = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: _plain(value) for name, value in image.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    plain = (int, str, bool, dict, list, type(None))
    return value if isinstance(value, plain) else str(value)


@transaction.atomic
def restore(*, user: User, kind: str, object_id: int, now: datetime) -> None:
    """Write deleted rows back. Raises NotFound (never there, or not this user's), RestoreExpired
    after ten minutes, CannotRestore when something stands in the way meanwhile."""
    trash = Trash.objects.select_for_update().filter(
        user_id=user.pk, kind=kind, object_id=object_id
    )
    row = trash.first()
    if row is None:
        raise NotFound
    if now > row.deleted_at + UNDO_FOR:
        raise RestoreExpired
    # Whoever deletes the trash row restores; a parallel twin finds nothing left to do.
    if trash.delete()[0] == 0:
        return
    _write_back(row.rows)


@transaction.atomic
def restore_once(*, user: User, kind: str, object_id: int, now: datetime) -> None:
    """`restore`, but nothing when the row is there: a second try of the same request."""
    rows = MODELS[kind]._default_manager.filter(pk=object_id, user_id=user.pk)
    if not rows.exists():
        restore(user=user, kind=kind, object_id=object_id, now=now)


def _write_back(rows: dict[str, list[dict[str, Any]]]) -> None:
    _check_parents(rows)
    try:
        with transaction.atomic():
            for name, model in MODELS.items():
                model._default_manager.bulk_create(
                    [from_image(model, image) for image in rows.get(name, [])], batch_size=1000
                )
    except IntegrityError as error:
        raise CannotRestore(
            "Something of the same name or source was made meanwhile, so this cannot come back."
        ) from error


def _check_parents(rows: dict[str, list[dict[str, Any]]]) -> None:
    """A log comes back to its skill only, evidence to its log: those must be restored first."""
    own_skills = {image["id"] for image in rows.get("skill", [])}
    own_logs = {image["id"] for image in rows.get("practice_log", [])}
    images = [*rows.get("practice_log", []), *rows.get("evidence", [])]
    skills = {image["skill_id"] for image in images} - own_skills
    logs = {image["log_id"] for image in images if image.get("log_id")} - own_logs
    if skills and Skill.objects.filter(pk__in=skills).count() < len(skills):
        raise CannotRestore("Its skill was deleted. Restore the skill first.")
    if logs and PracticeLog.objects.filter(pk__in=logs).count() < len(logs):
        raise CannotRestore("Its practice log was deleted. Restore the log first.")


def from_image(model: type[models.Model], image: dict[str, Any]) -> models.Model:
    row = model()
    for field in model._meta.concrete_fields:
        if field.attname not in image:
            continue
        value = image[field.attname]
        if isinstance(value, str) and isinstance(field, models.DateTimeField):
            value = parse_datetime(value)
        elif isinstance(value, str) and isinstance(field, models.DateField):
            value = parse_date(value)
        setattr(row, field.attname, value)
    return row


def sweep_trash(*, now: datetime) -> int:
    """Forget what was deleted more than seven days ago."""
    return Trash.objects.filter(deleted_at__lt=now - KEPT_FOR).delete()[0]
