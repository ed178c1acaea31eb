"""The published bank in the cache: the same for every learner.

Entries stand under a version that every load of the bank renews, so that old ones are never read
again; they expire after ten minutes, for a cache server that was unreachable during a load. The
diagnosis `cache_consistency` compares each entry with the database.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import asdict
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from practice.api.outputs import SetDetailOutput
from practice.models import QuestionMain
from practice.selectors.library import questions_of

logger = logging.getLogger(__name__)

KEPT_SECONDS = 600
VERSION = "bank:version"
Parts = dict[str, Any]
"""{"hidden": the set's JSON before completion, "revealed": with the samples}"""


def detail(row: QuestionMain, *, revealed: bool) -> dict[str, Any]:
    """The set with its questions as the API returns it."""
    key = key_of(row)
    parts = cache.get(key)
    if parts is None:
        parts = parts_of(row)
        cache.set(key, parts, KEPT_SECONDS)
    return parts["revealed" if revealed else "hidden"]


def parts_of(row: QuestionMain) -> Parts:
    """Plain values, so that another release's entries can still be read."""
    questions = questions_of(row)
    return {
        "hidden": asdict(SetDetailOutput.of(row, questions, revealed=False)),
        "revealed": asdict(SetDetailOutput.of(row, questions, revealed=True)),
    }


def key_of(row: QuestionMain) -> str:
    return f"bank:{_version()}:{row.pk}:{row.updated_at.timestamp()}"


def _version() -> str:
    return cache.get_or_set(VERSION, _new_version, None) or "none"


def _new_version() -> str:
    return uuid.uuid4().hex


def renew() -> None:
    """Invalidate all entries once the change is committed."""
    transaction.on_commit(lambda: cache.set(VERSION, _new_version(), None), robust=True)


def warm() -> int:
    """Read every set in use into the cache; how many. Never raises: a start may not fail."""
    try:
        rows = list(QuestionMain.objects.in_use().design())
        for row in rows:
            cache.set(key_of(row), parts_of(row), KEPT_SECONDS)
    except DatabaseError as error:
        logger.warning("bank not warmed: %s", error)
        return 0
    finally:
        if not connection.in_atomic_block:
            connection.close()
    return len(rows)
