"""Django's PostgreSQL backend with a health check of kept connections that costs no statement.

Before each request Django sends `SELECT 1`. A closed connection shows on its socket, so that is
sent only when something waits there to be read, or after an error.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        return self._is_quiet() or super().is_usable()

    def _is_quiet(self) -> bool:
        """Nothing waits to be read: neither a message of the server nor the end of the stream."""
        if self.connection is None or self.errors_occurred:
            return False
        own = self.connection.pgconn
        if own.status != ConnStatus.OK:
            return False
        waiting = select.poll()
        waiting.register(own.socket, select.POLLIN)
        return not waiting.poll(0)
