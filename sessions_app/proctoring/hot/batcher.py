"""Requests that arrive while a statement is under way share the next one.

No thread of its own and no buffer that could be lost: one of the waiting requests leads, writes for
all that wait, and each response goes out only after the commit. An idle server writes single rows.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

log = logging.getLogger(__name__)

LONGEST_WAIT = 5.0  # seconds
STATEMENT_TIMEOUT_MS = 4000
# Of Django's connection parameters, what is meant for its own cursors and pool.
DJANGOS_OWN = {"context", "cursor_factory", "prepare_threshold", "pool", "server_side_binding"}
# A server that stops answering is given up after as long as a statement may take.
NETWORK = {"connect_timeout": 3, "tcp_user_timeout": STATEMENT_TIMEOUT_MS}
# Rows are found, and so locked, in the order in which they are sent: by index, one by one. In a
# small table another plan would be a little cheaper and lock them in physical order.
SETTINGS = {"statement_timeout": STATEMENT_TIMEOUT_MS, "timezone": "UTC", "enable_seqscan": "off",
            "enable_hashjoin": "off", "enable_mergejoin": "off"}  # fmt: skip

Sent = TypeVar("Sent", bound=Any)
Row = TypeVar("Row")


@dataclass(eq=False)
class Slot(Generic[Sent, Row]):
    """One waiting request: its parameters, and the row that the statement returned for it."""

    sent: Sent
    row: Row | None = None
    leads: bool = False
    gate: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.gate.acquire()  # a waiting request passes when it is released


class Batcher(ABC, Generic[Sent, Row]):
    """One per process and kind of statement; its connection is opened at first use, after forks.

    What is sent is a named tuple whose first field is a candidate's id. The statement has a
    parameter `%(name)b` for each field, a list; its rows begin with the candidate's id too, and
    `make_row` takes their other columns.
    """

    make_row: Callable[..., Row]

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Slot[Sent, Row]] = []
        self._busy = False
        self._in_use = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None

    @abstractmethod
    def statement(self, server: psycopg.Connection[Any]) -> str:
        """The SQL that all waiting requests share."""

    def parameters(self, sent: list[Sent]) -> dict[str, list[Any]]:
        """The requests' values as columns, in the order of the candidates' ids: every writer locks
        rows in that order, so that no two of them can deadlock."""
        columns = zip(*sorted(sent), strict=True)
        return dict(zip(sent[0]._fields, map(list, columns), strict=True))

    def take(self) -> list[Slot[Sent, Row]]:
        """The requests that share the next statement: one of each candidate, a second one waits for
        the statement after it. Called under the lock."""
        batch: dict[Any, Slot[Sent, Row]] = {}
        for slot in self._waiting:
            batch.setdefault(slot.sent[0], slot)
        self._waiting = [slot for slot in self._waiting if batch[slot.sent[0]] is not slot]
        return list(batch.values())

    def write(self, sent: Sent) -> Row | None:
        """The returned row; None when there is none, and Django answers with the reason."""
        slot: Slot[Sent, Row] = Slot(sent)
        with self._lock:
            self._waiting.append(slot)
            if not self._busy:
                self._busy = slot.leads = True
        if not slot.leads and not slot.gate.acquire(timeout=LONGEST_WAIT):
            # Waited too long: this one goes to Django and will not become the leader.
            with self._lock:
                if slot in self._waiting and not slot.leads:
                    self._waiting.remove(slot)
        if slot.leads:
            self._lead()
        return slot.row

    def close(self) -> None:
        with self._in_use:  # libpq must not be freed under a statement
            self._disconnect()

    def _lead(self) -> None:
        with self._lock:
            batch = self.take()
        try:
            self.fill(batch)
        finally:
            for slot in batch:
                slot.gate.release()
            # The request that waited longest leads next, so that none leads for long.
            with self._lock:
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].gate.release()
                else:
                    self._busy = False

    def fill(self, batch: list[Slot[Sent, Row]]) -> None:
        """Give each slot its row. A slot whose values fail the shared statement is found by halving
        and left to Django."""
        try:
            rows = self._execute(self.parameters([slot.sent for slot in batch]))
        except psycopg.Error as error:
            log.warning("a batch of %s was not written: %s", len(batch), error)
            if len(batch) > 1 and is_about_data(error):
                self.fill(batch[: len(batch) // 2])
                self.fill(batch[len(batch) // 2 :])
            return
        for slot in batch:
            columns = rows.get(slot.sent[0])
            slot.row = self.make_row(*columns) if columns else None

    def _execute(self, params: dict[str, list[Any]]) -> dict[Any, tuple[Any, ...]]:
        """The returned rows by the id in their first column. After a failure the connection is
        opened anew, and the statement tried once more unless it took too long."""
        with self._in_use:
            for is_last in (False, True):
                try:
                    self._connected()
                    self._cursor.execute(self._sql, params, prepare=True)
                    return {row[0]: row[1:] for row in self._cursor}
                except psycopg.Error as error:
                    if is_about_data(error):
                        raise
                    self._disconnect()
                    if is_last or isinstance(error, psycopg.errors.QueryCanceled):
                        raise
        return {}

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            found = connections[DEFAULT_DB_ALIAS].get_connection_params()
            params = {name: value for name, value in found.items() if name not in DJANGOS_OWN}
            fresh = psycopg.connect(**{**NETWORK, **params}, autocommit=True)
            for name, value in SETTINGS.items():
                fresh.execute(f"SET {name} = {value}")
            self._sql = self.statement(fresh)
            self._cursor, self._connection = fresh.cursor(binary=True), fresh
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def is_about_data(error: psycopg.Error) -> bool:
    """The parameters are at fault, or too large for the server (class 54), not the connection."""
    is_limit = (error.sqlstate or "").startswith("54")
    return is_limit or isinstance(error, (psycopg.DataError, psycopg.IntegrityError))
