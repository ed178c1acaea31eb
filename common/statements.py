from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def run(sql: str, params: Sequence[Any]) -> tuple[list[Any], int]:
    """Run one statement: (its rows, how many rows it touched)."""
    own: Any = connections[DEFAULT_DB_ALIAS]
    if own.vendor == "postgresql":
        return own.run(sql, params)
    with own.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall() if cursor.description else []
        return rows, cursor.rowcount
