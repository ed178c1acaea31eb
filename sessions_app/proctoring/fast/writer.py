"""Beats that arrive while a statement is under way share the next one.

No thread of its own and no buffer that could be lost: one of the waiting requests leads, writes
for all who wait, and each answer goes out only after the commit. An idle server writes single rows.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections

from sessions_app.proctoring.rules import DEADLINE_GRACE, HEARTBEAT_TIMEOUT

log = logging.getLogger(__name__)

LONGEST_WAIT = 5.0
STATEMENT_TIMEOUT_MS = 4000

# The condition is that of querysets.BeatQuerySet.alive_at. `old` needs PostgreSQL 18.
UPDATE = """
UPDATE test_session_beat AS beat SET
    last_heartbeat = GREATEST(beat.last_heartbeat, sent.at),
    last_activity = GREATEST(beat.last_activity, sent.active_at),
    tab = CASE WHEN sent.is_beat THEN sent.tab ELSE beat.tab END,
    sequence = CASE WHEN sent.is_beat THEN sent.sequence ELSE beat.sequence END
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::bigint[], %s::bool[])
    AS sent(id, at, active_at, tab, sequence, is_beat)
WHERE beat.candidate_id = sent.id
    AND beat.deadline >= sent.at - %s::interval
    AND (beat.last_heartbeat >= sent.at - %s::interval
         OR beat.deadline <= beat.last_heartbeat + %s::interval)
RETURNING beat.candidate_id, beat.deadline, {old}
"""
OLD = {True: "old.tab, old.last_heartbeat", False: "NULL::text, NULL::timestamptz"}


@dataclass(frozen=True)
class Sent:
    """One beat, or one activity (`is_beat` false: the tab that is stored stays)."""

    candidate_id: UUID
    at: datetime
    is_beat: bool
    tab: str = ""
    sequence: int | None = None


@dataclass(frozen=True)
class Stamped:
    deadline: datetime
    old_tab: str | None
    old_heartbeat: datetime | None


@dataclass
class _Slot:
    sent: Sent
    wake: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    result: Stamped | None = None


class Writer:
    """One per process, with a connection of its own, opened at the first beat (after any fork)."""

    def __init__(self, alias: str = "default") -> None:
        self.alias = alias
        self._lock = threading.Lock()
        self._waiting: list[_Slot] = []
        self._busy = False
        self._connection: psycopg.Connection[Any] | None = None
        self._sql = ""

    def write(self, sent: Sent) -> Stamped | None:
        """Stamp a live test; None when there is none, or when it could not be written."""
        slot = _Slot(sent)
        with self._lock:
            self._waiting.append(slot)
            if not self._busy:
                self._busy = slot.leads = True
        if not slot.leads:
            slot.wake.wait(LONGEST_WAIT)
        if slot.leads:
            self._lead()
        return slot.result

    def close(self) -> None:
        with self._lock:
            self._drop_connection()

    def ask(self, sql: str, params: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """One row of a small question, on this writer's connection (psycopg serialises its use)."""
        return self._connected().execute(sql, params).fetchone()

    def _lead(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        try:
            self._write_batch(batch)
        finally:
            for slot in batch:
                slot.wake.set()
            self._hand_over()

    def _hand_over(self) -> None:
        """Who has waited longest leads next, so that nobody serves others for long."""
        with self._lock:
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].wake.set()
            else:
                self._busy = False

    def _write_batch(self, batch: list[_Slot]) -> None:
        newest: dict[UUID, Sent] = {}
        for slot in batch:
            newest[slot.sent.candidate_id] = _joined(newest.get(slot.sent.candidate_id), slot.sent)
        # By id, as the sweep locks them too: two writers never wait for each other in a ring.
        rows = self._execute([newest[key] for key in sorted(newest)], batch)
        for slot in batch:
            slot.result = rows.get(slot.sent.candidate_id)

    def _execute(self, sent: list[Sent], batch: list[_Slot]) -> dict[UUID, Stamped]:
        active = {slot.sent.candidate_id for slot in batch if not slot.sent.is_beat}
        params = (
            [s.candidate_id for s in sent],
            [s.at for s in sent],
            [s.at if s.candidate_id in active else None for s in sent],
            [s.tab for s in sent],
            [s.sequence for s in sent],
            [s.is_beat for s in sent],
            DEADLINE_GRACE,
            HEARTBEAT_TIMEOUT,
            HEARTBEAT_TIMEOUT,
        )
        for attempt in (1, 2):
            try:
                connection = self._connected()
                found = connection.execute(self._sql, params).fetchall()
                return {row[0]: Stamped(*row[1:]) for row in found}
            except psycopg.Error as error:
                # A server that went away is tried once more on a new connection; after that the
                # requests go on to Django, whose answer says what is wrong.
                log.warning("beats not written (try %s): %s", attempt, error)
                self._drop_connection()
        return {}

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(**_parameters(self.alias), autocommit=True)
            self._connection.execute(f"SET statement_timeout = {STATEMENT_TIMEOUT_MS}")
            self._connection.prepare_threshold = 0
            has_old = self._connection.info.server_version >= 180000
            self._sql = UPDATE.format(old=OLD[has_old])
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _joined(first: Sent | None, second: Sent) -> Sent:
    """Two stamps of one candidate in one statement: the later moment, the tab of the later beat."""
    if first is None:
        return second
    beat = second if second.is_beat else first
    later = max(first.at, second.at)
    return Sent(second.candidate_id, later, beat.is_beat, beat.tab, beat.sequence)


def _parameters(alias: str) -> dict[str, Any]:
    """How Django would connect, without its own cursor and pool options."""
    found = connections[alias].get_connection_params()
    ours = {"context", "cursor_factory", "prepare_threshold", "pool", "server_side_binding"}
    kept = {name: value for name, value in found.items() if name not in ours}
    return {**kept, "connect_timeout": kept.get("connect_timeout", timedelta(seconds=3).seconds)}
