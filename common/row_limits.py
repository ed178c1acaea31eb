"""Bounds on rows: the numbers stand in `config.limits` and docs/limits.md."""

from __future__ import annotations

from django.conf import settings

from common.errors import TooLarge


class TooMany(TooLarge):
    """413 with `limit` and `used`: the rows that are there stay, more need some to go."""

    code = "too_many"


def limit_of(kind: str) -> int:
    return settings.LIMITS[kind]


def refuse_above(kind: str, *, what: str, used: int, adding: int = 1) -> None:
    """Raise TooMany when `adding` more would pass the limit of a kind; `what` names the rows."""
    limit = limit_of(kind)
    if used + adding > limit:
        raise TooMany(
            f"There can be at most {limit:,} {what}, and there are {used:,}. Delete some first.",
            extra={"limit": limit, "used": used, "kind": kind},
        )
