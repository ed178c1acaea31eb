"""The function in front of Django's WSGI handler. `None` means: Django shall answer this one."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest

from common import clock
from common.clock import iso
from common.text import find_unstorable
from sessions_app.assessments.api.authentication import COOKIE, is_same_origin
from sessions_app.proctoring.api.inputs import LARGEST_SEQUENCE
from sessions_app.proctoring.hot.statements import Beat, Save, Saver, Stamper
from sessions_app.proctoring.hot.tokens import TokenCache
from sessions_app.proctoring.pulse import pulse
from sessions_app.proctoring.rules import is_other_tab

log = logging.getLogger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., object]], Iterable[bytes]]

PATH = re.compile(r"/api/test-session/([0-9a-f-]{36})/(heartbeat|activity|progress)")
HEADERS = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "private, no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Vary", "Cookie"),
]
LONGEST_BEAT = 1024
LONGEST_SAVE = 60 * 1024  # below the limit of one value, so no value can be over it


class HotPath:
    """Answers the beats and plain saves of live tests; hands everything else to `application`."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.stamper, self.saver = Stamper(), Saver()
        self.tokens = TokenCache(self.stamper.ask)
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
        self.stamper.close()
        self.saver.close()

    def _answer(self, environ: Environ, candidate: str, verb: str) -> bytes | None:
        try:
            candidate_id = UUID(candidate)
            if self._caller(WSGIRequest(environ)) != candidate_id:
                return None
            pulse.ensure()
            if verb == "progress":
                return self._save(environ, candidate_id)
            return self._beat(environ, candidate_id, is_beat=verb == "heartbeat")
        except (psycopg.Error, SuspiciousOperation, ValueError) as error:
            log.warning("left to Django: %s", error)
            return None

    def _caller(self, request: WSGIRequest) -> UUID | None:
        """The candidate whose good token this request carries, by Bearer or same-origin cookie."""
        request.get_host()  # raises for a foreign one
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return None
        if request.META.get("HTTP_ORIGIN") in settings.CORS_ALLOWED_ORIGINS:
            return None  # its answer has headers about that
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if header:
            scheme, _, token = header.partition(" ")
            return self.tokens.candidate_of(token) if scheme.lower() == "bearer" else None
        token = request.COOKIES.get(COOKIE)
        return self.tokens.candidate_of(token) if token and is_same_origin(request) else None

    def _beat(self, environ: Environ, candidate_id: UUID, *, is_beat: bool) -> bytes | None:
        sender: tuple[str, int | None] | None = ("", None)
        if is_beat:
            body = read_json(environ, longest=LONGEST_BEAT)
            sender = None if body is None else sender_of(body)
        if sender is None:
            return None
        beat = Beat(candidate_id, clock.now(), is_beat, *sender)
        row = self.stamper.write(beat)
        if row is None:
            return None
        now, stamp = iso(beat.at), "last_heartbeat" if is_beat else "last_activity"
        reply = {"success": True, stamp: now, "deadline": iso(row.deadline), "status": "active"}
        if is_beat:
            reply["other_tab"] = is_other_tab(
                beat.tab, stored=row.old_tab, last_heartbeat=row.old_heartbeat, now=beat.at
            )
        return orjson.dumps({**reply, "server_time": now})

    def _save(self, environ: Environ, candidate_id: UUID) -> bytes | None:
        save = plain_save(environ, candidate_id)
        row = None if save is None else self.saver.write(save)
        if save is None or row is None:
            return None
        return orjson.dumps(
            {
                "success": True,
                "sections_completed": orjson.Fragment(row.sections),
                "pending_answers": orjson.Fragment(row.answers),
                "replaced": {},  # a save that replaces another tab's words goes to Django
                "deadline": iso(row.deadline),
                "status": "active",
                "server_time": iso(save.at),
            }
        )


def read_json(environ: Environ, *, longest: int) -> dict[str, Any] | None:
    """The body as an object, `{}` when it is empty; it can be read again."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > longest or environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    raw = environ["wsgi.input"].read(int(length)) if length != "0" else b""
    environ["wsgi.input"] = BytesIO(raw)
    if not raw:
        return {}
    try:
        sent = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return sent if isinstance(sent, dict) and find_unstorable(sent) is None else None


def sender_of(sent: dict[str, Any]) -> tuple[str, int | None] | None:
    tab, sequence = sent.get("tab_id", ""), sent.get("sequence")
    if not isinstance(tab, str) or len(tab) > 100:
        return None
    if sequence is not None and (
        type(sequence) is not int or not 0 <= sequence <= LARGEST_SEQUENCE
    ):
        return None
    return tab, sequence


def plain_save(environ: Environ, candidate_id: UUID) -> Save | None:
    content_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if "HTTP_IDEMPOTENCY_KEY" in environ or content_type != "application/json":
        return None
    sent = read_json(environ, longest=LONGEST_SAVE) or {}
    tab, sequence = sender_of(sent) or ("", None)
    answers = sent.get("pending_answers")
    if not tab or sequence is None or not isinstance(answers, dict):
        return None
    is_plain = all(len(key) <= 100 and isinstance(v, (str, dict)) for key, v in answers.items())
    if not is_plain or sent.get("sections_completed", []) != []:
        return None
    writers = dict.fromkeys(answers, [tab, sequence])
    return Save(
        candidate_id=candidate_id,
        at=clock.now(),
        answers=orjson.dumps(answers).decode(),
        writers=orjson.dumps(writers).decode(),
        tab=tab,
        sequence=sequence,
    )
