"""A cache of verified tokens: entries live at most 60 s, which bounds the delay of a revocation."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from sessions_app.assessments.tokens import BadToken, looks_like_candidate_token, read_token

KEPT_SECONDS = 60.0
MOST_KEPT = 20_000


class TokenCache:
    """`version_of` returns the version that a candidate's token must have, None for nobody."""

    def __init__(self, version_of: Callable[[UUID], int | None]) -> None:
        self.version_of = version_of
        self._known: dict[str, tuple[UUID, float]] = {}

    def candidate_of(self, token: str) -> UUID | None:
        """The candidate of a valid token; None in every other case, which Django then answers."""
        known = self._known.get(token)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        if not looks_like_candidate_token(token):
            return None
        now = datetime.now(UTC)
        try:
            read = read_token(token, now=now)
        except BadToken:
            return None
        if self.version_of(read.candidate_id) != read.version:
            return None
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        good_for = min(KEPT_SECONDS, (read.expires_at - now).total_seconds())
        self._known[token] = (read.candidate_id, time.monotonic() + good_for)
        return read.candidate_id
