"""Django's PostgreSQL, except that whether a kept connection is still alive costs no statement.

Before each request Django asks `SELECT 1`. A server that has closed a connection has already said
so on its socket: only when something is waiting there, or an error came before, is it asked.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus


class DatabaseWrapper(base.DatabaseWrapper):
    _kept: Any = None

    def is_usable(self) -> bool:
        return self._is_quiet() or super().is_usable()

    def _is_quiet(self) -> bool:
        """Nothing waits to be read: neither a farewell of the server nor the end of the stream."""
        if self.connection is None or self.errors_occurred:
            return False
        own = self.connection.pgconn
        if own.status != ConnStatus.OK:
            return False
        waiting = select.poll()
        waiting.register(own.socket, select.POLLIN)
        return not waiting.poll(0)

    def run(self, sql: str, params: Sequence[Any]) -> tuple[list[Any], int]:
        """`cursor().execute` by one cursor that is kept, because making one costs as much as using
        it; (rows, how many were touched). Who listens to queries is served by a plain one."""
        if self.queries_logged or self.execute_wrappers:
            with self.cursor() as cursor:
                cursor.execute(sql, params)
                return _outcome(cursor)
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            if self._kept is None or self._kept.connection is not self.connection:
                self._kept = self.create_cursor()
            self._kept.execute(sql, params)
            return _outcome(self._kept)


def _outcome(cursor: Any) -> tuple[list[Any], int]:
    return (cursor.fetchall() if cursor.description else []), cursor.rowcount
