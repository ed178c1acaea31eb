"""Django's PostgreSQL, except that whether a kept connection is still alive costs no statement.

Before each request Django asks `SELECT 1`. A server that has closed a connection has already said
so on its socket: only when something is waiting there, or an error came before, is it asked.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus


class DatabaseWrapper(base.DatabaseWrapper):
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
