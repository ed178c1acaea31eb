"""Requests that arrive while a statement is under way share the next one.

No thread of its own and no buffer that could be lost: one of the waiting requests leads, writes
for all who wait, and each answer goes out only after the commit. An idle server writes single rows.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connections
from psycopg.pq import ExecStatus

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(seconds=5).total_seconds()
STATEMENT_TIMEOUT_MS = 4000
OURS = {"context", "cursor_factory", "prepare_threshold", "pool", "server_side_binding"}
# A server that does not answer any more is given up after as long as a statement may take.
NETWORK = {"connect_timeout": 3, "tcp_user_timeout": STATEMENT_TIMEOUT_MS}
# Rows are met, and so locked, in the order in which they are sent: by index, one after the other.
# In a small table another plan would be a little cheaper and lock them as they lie.
IN_ORDER = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
STATEMENT = b"shared"
BINARY = 1

Rows = dict[bytes, list[bytes | None]]
Sent = TypeVar("Sent")
Row = TypeVar("Row")


def _closed_gate() -> threading.Lock:
    """A lock that is held: who waits at it passes when it is released. An Event takes two."""
    gate = threading.Lock()
    gate.acquire()
    return gate


@dataclass(eq=False)
class Slot(Generic[Sent, Row]):
    """One waiting request: what it sent, and what the statement made of it."""

    sent: Sent
    gate: threading.Lock = field(default_factory=_closed_gate)
    leads: bool = False
    row: Row | None = None


class Coalescer(ABC, Generic[Sent, Row]):
    """One per process and kind of statement; its connection is opened at first use, after forks."""

    def __init__(self, alias: str = "default") -> None:
        self.alias = alias
        self._lock = threading.Lock()
        self._waiting: list[Slot[Sent, Row]] = []
        self._busy = False
        self._in_use = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None

    def write(self, sent: Sent) -> Row | None:
        """The row that came of it; None when nothing did, and Django shall find out why."""
        slot: Slot[Sent, Row] = Slot(sent)
        with self._lock:
            self._waiting.append(slot)
            if not self._busy:
                self._busy = slot.leads = True
        if not slot.leads and not slot.gate.acquire(timeout=LONGEST_WAIT):
            self._step_back(slot)
        if slot.leads:
            self._lead()
        return slot.row

    def _step_back(self, slot: Slot[Sent, Row]) -> None:
        """Who waited too long goes to Django, and must not be asked to lead when it has left."""
        with self._lock:
            if slot in self._waiting and not slot.leads:
                self._waiting.remove(slot)

    def ask(self, sql: str, params: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """One row of a small question, on the same connection."""
        with self._in_use:
            return self._connected().execute(sql, params).fetchone()

    def close(self) -> None:
        # Never under a statement that is under way: libpq would be freed beneath it.
        with self._in_use:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _take(self) -> list[Slot[Sent, Row]]:
        """Who shares the next statement; called under the lock."""
        batch, self._waiting = self._waiting, []
        return batch

    @abstractmethod
    def _fill(self, batch: list[Slot[Sent, Row]]) -> None:
        """Run the statement and give each slot its row."""

    def _lead(self) -> None:
        with self._lock:
            batch = self._take()
        try:
            self._fill(batch)
        finally:
            for slot in batch:
                slot.gate.release()
            self._hand_over()

    def _hand_over(self) -> None:
        """Who has waited longest leads next, so that nobody serves others for long."""
        with self._lock:
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].gate.release()
            else:
                self._busy = False

    @abstractmethod
    def _statement(self, server_version: int) -> str:
        """The SQL that all who wait share; its parameters are `$1`, `$2`, …"""

    def _execute(self, params: Sequence[bytes]) -> Rows:
        """The returned rows by the id in their first column; all in binary (see `arrays`).

        A connection that is gone is opened anew once; after that the requests go on to Django.
        """
        with self._in_use:
            for attempt in (1, 2):
                try:
                    return self._run(params)
                except psycopg.Error as error:
                    log.warning("not written in front of Django (try %s): %s", attempt, error)
                    self._disconnect()
        return {}

    def _run(self, params: Sequence[bytes]) -> Rows:
        """libpq's own call: a cursor would cost four times the CPU of the statement's client."""
        server = self._connected().pgconn
        result = server.exec_prepared(STATEMENT, params, [BINARY] * len(params), BINARY)
        if result.status != ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
        value, columns = result.get_value, range(1, result.nfields)
        return {
            value(row, 0) or b"": [value(row, column) for column in columns]
            for row in range(result.ntuples)
        }

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            found = connections[self.alias].get_connection_params()
            params = {name: value for name, value in found.items() if name not in OURS}
            fresh = psycopg.connect(**{**NETWORK, **params}, autocommit=True)
            fresh.execute(f"SET statement_timeout = {STATEMENT_TIMEOUT_MS}")
            for setting in IN_ORDER:
                fresh.execute(f"SET {setting} = off")
            statement = self._statement(fresh.info.server_version).encode()
            prepared = fresh.pgconn.prepare(STATEMENT, statement)
            if prepared.status != ExecStatus.COMMAND_OK:
                raise psycopg.OperationalError(prepared.error_message.decode(errors="replace"))
            self._connection = fresh
        return self._connection
