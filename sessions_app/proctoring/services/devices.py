"""From which devices a test is sat: address and browser, whatever tab id a page sends or omits.

A device is written at its first request and then every five minutes at most. Each process remembers
which it has written lately, so a beat costs no statement.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
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
    SELECT test_session.candidate_id, {digest}, {address}, {agent}, {at}, {at}
    FROM {source} AND (
        SELECT COUNT(*) FILTER (WHERE digest = {digest}) > 0
            OR COUNT(*) FILTER (WHERE address = {address}) BETWEEN 1 AND {most_of_an_address} - 1
            OR COUNT(*) FILTER (WHERE address = {address}) = 0
                AND COUNT(DISTINCT address) < {most_addresses}
        FROM test_session_device WHERE session_id = test_session.candidate_id
    )
    ON CONFLICT (session_id, digest) DO UPDATE SET last_seen_at = excluded.last_seen_at
    RETURNING session_id, 1
"""
ONE = "test_session WHERE candidate_id = %(candidate_id)s"
TEXTS = ("digest", "address", "agent")


class Device(NamedTuple):
    """Where a request came from; the digest of address and browser is 32 hex digits."""

    candidate_id: UUID
    at: datetime
    digest: str
    address: str
    agent: str


_known: dict[tuple[UUID, str, str], datetime] = {}


def note_device(
    request: Any,
    candidate_id: UUID,
    *,
    now: datetime,
    write: Callable[[Device], object] | None = None,
) -> None:
    """Record where the candidate's request came from, unless this process has done so lately.

    `write` writes it by another connection than Django's and says whether it did. An error of
    Django's connection is logged: the request is answered without the trace.
    """
    agent = request.META.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT]
    key = (candidate_id, address := client_address(request), agent)
    written = _known.get(key)
    if written is not None and now - written < WRITTEN_EVERY:
        return
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    agent = "".join(letter for letter in agent if letter.isprintable())
    digest = hashlib.sha256(f"{address}\n{agent}".encode(errors="replace")).hexdigest()[:32]
    try:
        is_written = (write or _write)(Device(candidate_id, now, digest, address, agent))
    except DatabaseError:
        log.warning("a device of %s was not written", candidate_id, exc_info=True)
        return
    if is_written:
        _known[key] = now


def record_sql(source: str, *, at: str, text: str) -> str:
    """The statement for the devices in `source`; `at` and `text` are the SQL of their values."""
    values = {"at": at, **{name: text.format(name) for name in TEXTS}}
    bounds = {"most_of_an_address": MOST_OF_AN_ADDRESS, "most_addresses": MOST_ADDRESSES}
    return RECORD.format(source=source, **values, **bounds)


def forget_devices() -> None:
    """Write each device at its next request."""
    _known.clear()


def _write(device: Device) -> bool:
    key = SessionDevice._meta.get_field("session").get_db_prep_value(device[0], connection)
    at = connection.ops.adapt_datetimefield_value(device.at)
    with connection.cursor() as cursor:
        sql = record_sql(ONE, at="%(at)s", text="CAST(%({})s AS text)")
        cursor.execute(sql, {**device._asdict(), "candidate_id": key, "at": at})
        return cursor.fetchone() is not None
