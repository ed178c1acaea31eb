"""Requests that arrive while a statement is under way share the next one.

No thread of its own and no buffer that could be lost: one of the waiting requests leads, writes
for all who wait, and each answer goes out only after the commit. An idle server writes single rows.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from django.db import connections

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(seconds=5).total_seconds()
STATEMENT_TIMEOUT_MS = 4000
OURS = {"context", "cursor_factory", "prepare_threshold", "pool", "server_side_binding"}

Sent = TypeVar("Sent")
Row = TypeVar("Row")


@dataclass
class Slot(Generic[Sent, Row]):
    """One waiting request: what it sent, and what the statement made of it."""

    sent: Sent
    wake: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    row: Row | None = None


class Coalescer(ABC, Generic[Sent, Row]):
    """One per process and kind of statement; its connection is opened at first use, after forks."""

    def __init__(self, alias: str = "default") -> None:
        self.alias = alias
        self._lock = threading.Lock()
        self._waiting: list[Slot[Sent, Row]] = []
        self._busy = False
        self._connection: psycopg.Connection[Any] | None = None

    def write(self, sent: Sent) -> Row | None:
        """The row that came of it; None when nothing did, and Django shall find out why."""
        slot: Slot[Sent, Row] = Slot(sent)
        with self._lock:
            self._waiting.append(slot)
            if not self._busy:
                self._busy = slot.leads = True
        if not slot.leads:
            slot.wake.wait(LONGEST_WAIT)
        if slot.leads:
            self._lead()
        return slot.row

    def ask(self, sql: str, params: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """One row of a small question, on the same connection (psycopg serialises its use)."""
        return self._connected().execute(sql, params).fetchone()

    def close(self) -> None:
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

    def _execute(self, sql: str, params: tuple[Any, ...]) -> dict[UUID, tuple[Any, ...]]:
        """The returned rows by their first column.

        A connection that is gone is opened anew once; after that the requests go on to Django.
        """
        for attempt in (1, 2):
            try:
                found = self._connected().execute(sql, params).fetchall()
                return {row[0]: row[1:] for row in found}
            except psycopg.Error as error:
                log.warning("not written in front of Django (try %s): %s", attempt, error)
                self.close()
        return {}

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            found = connections[self.alias].get_connection_params()
            params = {name: value for name, value in found.items() if name not in OURS}
            fresh = psycopg.connect(**{"connect_timeout": 3, **params}, autocommit=True)
            fresh.execute(f"SET statement_timeout = {STATEMENT_TIMEOUT_MS}")
            fresh.prepare_threshold = 0
            self._connection = fresh
        return self._connection
