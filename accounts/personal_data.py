"""Export-my-data and delete-me: each app registers what it holds, from its AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User


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
