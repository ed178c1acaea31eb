"""From which devices a test is sat: address and browser, whatever tab id a page sends or omits.

A device is written at its first request and then every five minutes at most. Each process remembers
which it has written lately, so a beat costs no statement.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

from common.http.address import client_address
from sessions_app.proctoring.models import SessionDevice

log = logging.getLogger(__name__)

WRITTEN_EVERY = timedelta(minutes=5)
MOST_KNOWN = 20_000
# A user agent is easier to forge than an address: those of one address are limited, so that they
# never keep a new address out.
MOST_ADDRESSES = 50
MOST_OF_AN_ADDRESS = 5
LONGEST_AGENT = 300

# Nothing for a test that did not start yet. The ORM has no upsert with a condition.
RECORD = """
    INSERT INTO test_session_device (
        session_id, digest, address, agent, first_seen_at, last_seen_at
    )
    SELECT candidate_id, %s, %s, %s, %s, %s FROM test_session WHERE candidate_id = %s AND (
        SELECT COUNT(*) FILTER (WHERE digest = %s) > 0
            OR COUNT(*) FILTER (WHERE address = %s) BETWEEN 1 AND %s
            OR COUNT(*) FILTER (WHERE address = %s) = 0 AND COUNT(DISTINCT address) < %s
        FROM test_session_device WHERE session_id = %s
    )
    ON CONFLICT (session_id, digest) DO UPDATE SET last_seen_at = excluded.last_seen_at
    RETURNING id
"""
Run = Callable[[str, tuple[Any, ...]], Any]

_known: dict[tuple[UUID, str, str], datetime] = {}


def note_device(request: Any, candidate_id: UUID, *, now: datetime, run: Run | None = None) -> None:
    """Record where the candidate's request came from, unless this process has done so lately.

    `run` runs a statement with its parameters on another connection than Django's; its errors are
    the caller's. Errors of Django's connection are logged: a request is answered without the trace.
    """
    agent = request.META.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT]
    device = (candidate_id, client_address(request), agent)
    written = _known.get(device)
    if written is not None and now - written < WRITTEN_EVERY:
        return
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    try:
        row = _record(*device, now, run or _run)
    except DatabaseError:
        log.warning("a device of %s was not written", candidate_id, exc_info=True)
        return
    if row is not None:
        _known[device] = now


def forget_devices() -> None:
    """Write each device at its next request."""
    _known.clear()


def _record(candidate_id: UUID, address: str, agent: str, now: datetime, run: Run) -> Any:
    agent = "".join(letter for letter in agent if letter.isprintable())
    digest = hashlib.sha256(f"{address}\n{agent}".encode(errors="replace")).hexdigest()[:32]
    key: Any = SessionDevice._meta.get_field("session").get_db_prep_value(candidate_id, connection)
    at: Any = connection.ops.adapt_datetimefield_value(now)
    values = (digest, address, agent, at, at)
    bounds = (address, MOST_OF_AN_ADDRESS - 1, address, MOST_ADDRESSES)
    return run(RECORD, (*values, key, digest, *bounds, key))


def _run(sql: str, params: tuple[Any, ...]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()
