"""Login sessions in the database, as Django keeps them; the read of one is compiled once.

`SESSION_ENGINE` names this module: every page of somebody signed in begins with this read.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from common.db import compiled


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        """The row of this key while it is good. Without one, a new key is made at the next save,
        so that nobody can choose the key of a session (as in Django's own)."""
        row = rows_of_key.first(session_key=self.session_key)
        if row is None or row.expire_date <= timezone.now():
            self._session_key = None
            return None
        return row


@compiled
def rows_of_key(session_key: str) -> Any:
    return SessionStore.get_model_class().objects.filter(session_key=session_key)
