"""Exact snapshots of rows, for repairs and deletions that can be undone.

A snapshot is JSON, written and read by Django's Python serializer: `{"model": "app.Model", "pk": …,
"fields": {name: value}}`. Moments keep their microseconds, binary is base64. Rows are written back
as they were, without defaults and `auto_now`; only the database's constraints may refuse them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import models, router, transaction

Snapshot = dict[str, Any]
BATCH = 500


def take(row: models.Model) -> Snapshot:
    """The columns of a row; equal rows give equal snapshots."""
    names = [field.name for field in row._meta.concrete_fields]
    (plain,) = serializers.serialize("python", [row], fields=names)
    fields = {name: _plain(value) for name, value in plain["fields"].items()}
    return {"model": row._meta.label, "pk": _plain(plain["pk"]), "fields": fields}


def fetch(label: str, pks: Iterable[Any], *, lock: bool = False) -> list[Snapshot]:
    """Snapshots of the present rows by key, ordered by key; rows that are gone are left out."""
    rows = apps.get_model(label)._base_manager.filter(pk__in=list(pks)).order_by("pk")
    return [take(row) for row in (rows.select_for_update() if lock else rows)]


def load(snapshots: Iterable[Snapshot]) -> list[models.Model]:
    """The rows of snapshots, not saved; to be written by `insert` or `overwrite`."""
    current = (in_current_form(snapshot) for snapshot in snapshots)
    return [loaded.object for loaded in serializers.deserialize("python", current)]


@transaction.atomic
def insert(rows: Iterable[models.Model]) -> None:
    """Write rows that are gone, parents before children; IntegrityError when one is there."""
    model: Any
    for model, of_model in groupby(rows, key=type):
        wanted = list(of_model)
        to = {"fields": model._meta.local_concrete_fields, "using": router.db_for_write(model)}
        for start in range(0, len(wanted), BATCH):
            model._base_manager._insert(wanted[start : start + BATCH], **to, raw=True)


@transaction.atomic
def overwrite(rows: Iterable[models.Model]) -> None:
    """Write rows over those with the same keys; DatabaseError when one is gone."""
    for row in rows:
        row.save_base(raw=True, force_update=True)


def remove(refs: Iterable[tuple[str, Any]]) -> None:
    """Delete rows by (model label, key), without cascades: the caller names every row."""
    for label, pk in refs:
        rows = apps.get_model(label)._base_manager.filter(pk=pk)
        rows._raw_delete(rows.db)


def fingerprint(snapshots: Iterable[Snapshot]) -> str:
    """SHA-256 of their canonical JSON: changes when any column of any row does."""
    current = [in_current_form(snapshot) for snapshot in snapshots]
    text = json.dumps(current, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def in_current_form(snapshot: Snapshot) -> Snapshot:
    """Until 2026-11-30 fields were named by column attribute (`user_id`), the key among them."""
    meta = apps.get_model(snapshot["model"])._meta
    names = {field.attname: field.name for field in meta.concrete_fields}
    fields = {names.get(name, name): value for name, value in snapshot["fields"].items()}
    fields.pop(meta.pk.name, None)
    return {**snapshot, "fields": fields}


def _plain(value: Any) -> Any:
    """What the serializer leaves to the format: text that keeps every digit."""
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
