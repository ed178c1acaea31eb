"""Export-my-data and delete-me: each app registers what it holds, from its AppConfig.ready.

What a person may store, up to their quota, is more than memory takes a few times over: an export
holds `Each` instead of long lists, and is written piece by piece.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from accounts.models import User

READ_AT_ONCE = 20


@dataclass(frozen=True)
class Each:
    """Rows, each made JSON-ready by `shape`, that are read a few at a time while they are
    written. Querysets with an order, one after the other."""

    rows: Sequence[QuerySet[Any, Any]]
    shape: Callable[[Any], Any]

    def __iter__(self) -> Iterator[Any]:
        for rows in self.rows:
            keys = list(rows.values_list("pk", flat=True))
            for start in range(0, len(keys), READ_AT_ONCE):
                part = rows.filter(pk__in=keys[start : start + READ_AT_ONCE])
                yield from map(self.shape, part)


def whole(value: Any) -> Any:
    """The same with lists for `Each`: for short exports, and tests."""
    if isinstance(value, dict):
        return {name: whole(item) for name, item in value.items()}
    return [whole(item) for item in value] if isinstance(value, Each | list) else value


def written(value: Any) -> Iterator[str]:
    """JSON in pieces, a row on a line."""
    if isinstance(value, Each) or (isinstance(value, list) and _has_rows(value)):
        yield from _joined("[", value, "]")
    elif isinstance(value, dict) and _has_rows(value):
        yield from _joined("{", value.items(), "}")
    elif isinstance(value, tuple):
        yield f"{json.dumps(value[0])}: "
        yield from written(value[1])
    else:
        yield json.dumps(value, default=str, ensure_ascii=False)


def _joined(begin: str, items: Iterable[Any], end: str) -> Iterator[str]:
    between = f"{begin}\n"
    for item in items:
        yield between
        yield from written(item)
        between = ",\n"
    yield f"{begin}{end}" if between != ",\n" else f"\n{end}"


def _has_rows(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    return isinstance(value, Each) or (
        isinstance(value, dict | list) and any(map(_has_rows, inner))
    )


@dataclass(frozen=True)
class Holder:
    name: str
    export: Callable[[User], Any]
    erase: Callable[[User], None]


_holders: dict[str, Holder] = {}


def register(name: str, export: Callable[[User], Any], erase: Callable[[User], None]) -> None:
    """`export` returns JSON-ready data of a user, `erase` removes it inside the caller's block."""
    _holders[name] = Holder(name, export, erase)


def holders() -> list[Holder]:
    """In order of registration reversed: what was built on top goes first."""
    return list(reversed(_holders.values()))
