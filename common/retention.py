"""What is removed when its time is over: one registry, one row a kind, filled from AppConfig.ready.

A run goes kind by kind in batches, each a transaction of its own that asks again what is due: it
may be interrupted anywhere, run twice, or run twice at once. Source: DESIGN §10 (Retention).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

log = logging.getLogger(__name__)

Due = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Kind:
    """Rows of one table. `due(before)` gives those whose time ended before that moment.

    `days` names what the setting RETENTION_DAYS says of them (0: kept for ever); without it
    `due` is asked about now, and says itself how long they are kept. `remove` takes the locked
    rows of a batch; by default they are deleted with what hangs on them. A batch is one
    transaction: nobody waits longer than its removal takes.
    """

    name: str
    label: str
    due: Due
    days: str | None = None
    remove: Callable[[list[Any]], object] | None = None
    batch: int = 200

    def count(self, now: datetime) -> int:
        due = self._due_at(now)
        return 0 if due is None else due.count()

    def batches(self, now: datetime) -> Iterator[int]:
        """Remove what is due; yields how many rows each transaction removed."""
        due, last = self._due_at(now), None
        while due is not None:
            page = due if last is None else due.filter(pk__gt=last)
            keys = list(page.order_by("pk").values_list("pk", flat=True)[: self.batch])
            if not keys:
                return
            last = keys[-1]
            with transaction.atomic():
                removed = self._remove(due.filter(pk__in=keys).order_by("pk"))
            yield removed

    def _remove(self, rows: QuerySet[Any]) -> int:
        """Rows that somebody holds are left for the next night. Those that are ours are asked
        again: what changed before we held them may no longer be due."""
        held = [row.pk for row in rows.select_for_update(skip_locked=True, of=("self",))]
        due = list(rows.filter(pk__in=held))
        if self.remove is not None and due:
            self.remove(due)
        elif due:
            rows.model._base_manager.filter(pk__in=[row.pk for row in due]).delete()
        return len(due)

    def _due_at(self, now: datetime) -> QuerySet[Any] | None:
        if self.days is None:
            return self.due(now)
        days = settings.RETENTION_DAYS[self.days]
        return self.due(now - timedelta(days=days)) if days else None


@dataclass(frozen=True)
class Sweep:
    """A kind that is no plain set of rows: it counts, and removes in batches, by itself."""

    name: str
    label: str
    count: Callable[[datetime], int]
    batches: Callable[[datetime], Iterator[int]]


@dataclass(frozen=True)
class Removed:
    """How many of a kind were removed, or would be; `failed` when the kind stopped half-way."""

    name: str
    label: str
    rows: int
    failed: bool = False


_kinds: dict[str, Kind | Sweep] = {}


def register(kind: Kind | Sweep) -> None:
    _kinds[kind.name] = kind


def kinds(names: Iterable[str] | None = None) -> list[Kind | Sweep]:
    """All, or the named ones; KeyError for an unknown name."""
    return list(_kinds.values()) if names is None else [_kinds[name] for name in names]


def plan(*, now: datetime, names: Iterable[str] | None = None) -> list[Removed]:
    """How much of each kind is due now."""
    return [Removed(kind.name, kind.label, kind.count(now)) for kind in kinds(names)]


def run(*, now: datetime, names: Iterable[str] | None = None) -> list[Removed]:
    """Remove what is due. A kind that fails is logged and left; the others go on."""
    done = []
    for kind in kinds(names):
        rows, failed = 0, False
        try:
            for removed in kind.batches(now):
                rows += removed
        except Exception:
            log.exception("retention: %s stopped after %s", kind.name, rows)
            failed = True
        if rows:
            log.info("retention: removed %s of %s", rows, kind.name)
        done.append(Removed(kind.name, kind.label, rows, failed))
    return done
