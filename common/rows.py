"""Exact images of rows, for repairs and deletions that can be undone.

An image is JSON: `{"model": "app.Model", "pk": …, "fields": {attribute: value}}`. Moments keep
their microseconds, binary is base64; `restore` writes back exactly what was seen.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

Image = dict[str, Any]


def image(row: models.Model) -> Image:
    """The row as JSON; equal rows give equal images."""
    fields = {f.attname: _plain(getattr(row, f.attname)) for f in row._meta.concrete_fields}
    return {"model": row._meta.label, "pk": _plain(row.pk), "fields": fields}


def images(rows: Iterable[models.Model]) -> list[Image]:
    return [image(row) for row in rows]


def fetch(label: str, pks: Iterable[Any], *, lock: bool = False) -> list[Image]:
    """Present images of rows by key, ordered by key; rows that are gone are left out."""
    found = apps.get_model(label)._base_manager.filter(pk__in=list(pks)).order_by("pk")
    return images(found.select_for_update() if lock else found)


def fingerprint(value: Any) -> str:
    """SHA-256 of canonical JSON: changes when any column of any row does."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def restore(rows: Iterable[Image]) -> int:
    """Write images back, existing rows overwritten; parents must come before children."""
    wanted = list(rows)
    present = _present(wanted)
    for row in wanted:
        model = apps.get_model(row["model"])
        values = {name: _value(model, name, value) for name, value in row["fields"].items()}
        there = (row["model"], str(row["pk"])) in present
        # raw: no auto_now, no defaults; the columns as they were.
        model(**values).save_base(raw=True, force_insert=not there)
    return len(wanted)


def remove(refs: Iterable[tuple[str, Any]]) -> None:
    """Delete rows by (model label, key), without cascades: the caller names every row."""
    for label, pk in refs:
        rows = apps.get_model(label)._base_manager.filter(pk=pk)
        rows._raw_delete(rows.db)


def _present(rows: Iterable[Image]) -> set[tuple[str, str]]:
    """Which of them exist, by label and key as text; one query a model."""
    by_model: dict[str, list[Any]] = {}
    for row in rows:
        by_model.setdefault(row["model"], []).append(row["pk"])
    return {
        (label, str(pk))
        for label, pks in by_model.items()
        for pk in apps.get_model(label)
        ._base_manager.filter(pk__in=pks)
        .values_list("pk", flat=True)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    return value


def _value(model: type[models.Model], attname: str, value: Any) -> Any:
    field = next(f for f in model._meta.concrete_fields if f.attname == attname)
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)
