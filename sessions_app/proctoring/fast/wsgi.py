"""The function in front of Django's WSGI handler."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from uuid import UUID

import psycopg
from django.conf import settings

from common import clock
from sessions_app.proctoring.fast.bodies import (
    LONGEST_BEAT,
    Environ,
    beat_body,
    merged_body,
    plain_save,
    read_json,
    sender_of,
)
from sessions_app.proctoring.fast.callers import caller_of
from sessions_app.proctoring.fast.saver import Saver
from sessions_app.proctoring.fast.tokens import TokenCache
from sessions_app.proctoring.fast.writer import Sent, Writer
from sessions_app.proctoring.pulse import pulse

log = logging.getLogger(__name__)

Application = Callable[[Environ, Callable[..., object]], Iterable[bytes]]
PATH = re.compile(r"/api/test-session/([0-9a-f-]{36})/(heartbeat|activity|progress)")
HEADERS = [
    ("Content-Type", "application/json"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Vary", "Cookie"),
]


class FastBeats:
    """Answers the beats and plain saves of live tests; hands everything else to `application`."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.writer, self.saver = Writer(), Saver()
        self.tokens = TokenCache(self.writer)
        self.answered = 0

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        body = None
        if environ["REQUEST_METHOD"] == "PUT":
            match = PATH.fullmatch(environ.get("PATH_INFO", ""))
            if match is not None:
                body = self._answer(environ, match[1], match[2])
        if body is None:
            return self.application(environ, start_response)
        self.answered += 1
        start_response("200 OK", [*HEADERS, ("Content-Length", str(len(body)))])
        return [body]

    def close(self) -> None:
        self.writer.close()
        self.saver.close()

    def _answer(self, environ: Environ, candidate: str, verb: str) -> bytes | None:
        try:
            candidate_id = UUID(candidate)
            if caller_of(environ, self.tokens) != candidate_id:
                return None
            pulse.ensure()
            if verb == "progress":
                return self._save(environ, candidate_id)
            return self._beat(environ, candidate_id, is_beat=verb == "heartbeat")
        except (psycopg.Error, ValueError) as error:
            log.warning("left to Django: %s", error)
            return None

    def _beat(self, environ: Environ, candidate_id: UUID, *, is_beat: bool) -> bytes | None:
        sender: tuple[str, int | None] | None = ("", None)
        if is_beat:
            body = read_json(environ, longest=LONGEST_BEAT)
            sender = None if body is None else sender_of(body)
        if sender is None:
            return None
        sent = Sent(candidate_id, clock.now(), is_beat, *sender)
        stamped = self.writer.write(sent)
        return None if stamped is None else beat_body(sent, stamped)

    def _save(self, environ: Environ, candidate_id: UUID) -> bytes | None:
        save = plain_save(environ, candidate_id, clock.now())
        merged = None if save is None else self.saver.write(save)
        return None if save is None or merged is None else merged_body(save, merged)


def with_fast_beats(application: Application) -> Application:
    """The application itself, or with the fast path in front where it is on and possible."""
    is_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    return FastBeats(application) if settings.FAST_BEATS and is_postgres else application
