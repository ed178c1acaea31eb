"""Which rows count against a person's quota: each app registers its own, from AppConfig.ready.

They carry their size in `stored_bytes` (`common.drafts.Stored`); what the counters say can be
worked out from them at any time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Model, QuerySet, Sum, Value

if TYPE_CHECKING:
    from accounts.models import StoredKind


@dataclass(frozen=True)
class Source:
    """`owner` is the way from a row to its person."""

    kind: StoredKind
    model: type[Model]
    owner: str


_sources: list[Source] = []


def register(kind: StoredKind, model: type[Model], *, owner: str = "user") -> None:
    _sources.append(Source(kind, model, owner))


def sources() -> list[Source]:
    return list(_sources)


def measured(*, user_id: int | None = None) -> dict[int, dict[str, int]]:
    """Bytes by person and kind, of one person or of all, read in one statement: rows that move from
    one table to another meanwhile are neither missed nor counted twice."""
    parts = [_part(source, user_id) for source in _sources]
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    # One flat union: nested ones overflow SQLite's parser from some sixteen tables on.
    for owner_id, kind, total in parts[0].union(*parts[1:], all=True):
        found[owner_id][kind] += total or 0
    return {owner_id: dict(kinds) for owner_id, kinds in found.items()}


def _part(source: Source, user_id: int | None) -> QuerySet[Any, Any]:
    rows = source.model._default_manager.order_by()
    if user_id is not None:
        rows = rows.filter(**{f"{source.owner}_id": user_id})
    rows = rows.annotate(owner_id_=F(f"{source.owner}_id"), kind_=Value(source.kind.value))
    return rows.values_list("owner_id_", "kind_").annotate(total_=Sum("stored_bytes"))
