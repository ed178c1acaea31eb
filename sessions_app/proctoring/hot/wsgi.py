"""The function in front of Django's WSGI handler. `None` means: Django answers this request."""

from __future__ import annotations

import logging
import re
import time
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
from common.http.json import JSONRenderer
from common.http.middleware import reference_of
from common.request_log import log_finished
from common.text import find_unstorable, whole_number
from sessions_app.assessments.api.authentication import COOKIE, is_same_origin
from sessions_app.proctoring.api import outputs
from sessions_app.proctoring.api.inputs import LARGEST_SEQUENCE, TAB_ID
from sessions_app.proctoring.growth import LastTexts, packed
from sessions_app.proctoring.hot.statements import (
    Asked,
    Beat,
    Devices,
    Save,
    Saver,
    Stamper,
    TokenVersions,
)
from sessions_app.proctoring.hot.tokens import TokenCache
from sessions_app.proctoring.metrics import count_beat
from sessions_app.proctoring.rules import is_other_tab
from sessions_app.proctoring.services.answers import MAX_ANSWERS
from sessions_app.proctoring.services.devices import note_device
from sessions_app.proctoring.web_heartbeat import web_heartbeat

log = logging.getLogger(__name__)
render = JSONRenderer().render
written: Any = orjson.Fragment  # JSON text already

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
    ("Vary", "Cookie, origin"),
]
# A log line costs half of a beat's CPU. What Django answers, refusals included, has its own.
ONE_IS_LOGGED_OF = 100
SLOW_SECONDS = 1.0
LONGEST_BEAT = 1024
LONGEST_SAVE = 60 * 1024  # below the limit of one value, so no value can be over it


class HotPath:
    """Answers the beats and plain saves of live tests; hands everything else to `application`."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.stamper, self.saver = Stamper(), Saver()
        self.versions, self.devices = TokenVersions(), Devices()
        self.tokens = TokenCache(lambda candidate_id: self.versions.write(Asked(candidate_id)))
        self.texts = LastTexts()
        self.answered = 0

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        match = PATH.fullmatch(environ.get("PATH_INFO", ""))
        if match is None or environ["REQUEST_METHOD"] != "PUT":
            return self.application(environ, start_response)
        candidate, verb = match.groups()
        begun, request = time.perf_counter(), WSGIRequest(environ)
        body = self._answer(request, candidate, verb)
        if body is None:
            return self.application(environ, start_response)
        count_beat(verb)
        note_device(request, UUID(candidate), now=clock.now(), write=self.devices.write)
        reference = reference_of(request)
        own = [("X-Request-ID", reference), ("Content-Length", str(len(body)))]
        start_response("200 OK", [*HEADERS, *own])
        self.answered += 1
        seconds = time.perf_counter() - begun
        if self.answered % ONE_IS_LOGGED_OF == 0 or seconds > SLOW_SECONDS:
            who = {"request_id": reference, "user_id": f"candidate:{candidate}"}
            log_finished(request, 200, seconds=seconds, **who, one_of=ONE_IS_LOGGED_OF)
        return [body]

    def close(self) -> None:
        for batcher in (self.stamper, self.saver, self.versions, self.devices):
            batcher.close()

    def _answer(self, request: WSGIRequest, candidate: str, verb: str) -> bytes | None:
        environ = request.environ
        try:
            candidate_id = UUID(candidate)
            if self._caller(request) != candidate_id:
                return None
            web_heartbeat.ensure()
            if verb == "progress":
                return self._save(environ, candidate_id)
            return self._beat(environ, candidate_id, is_beat=verb == "heartbeat")
        except (psycopg.Error, SuspiciousOperation, ValueError) as error:
            log.warning("left to Django: %s", error)
            return None

    def _caller(self, request: WSGIRequest) -> UUID | None:
        """The candidate of a valid token, sent as Bearer or as a same-origin cookie."""
        request.get_host()  # raises for a foreign host
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return None
        if request.META.get("HTTP_ORIGIN") in settings.CORS_ALLOWED_ORIGINS:
            return None  # Django adds the CORS headers
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if header:
            scheme, _, token = header.partition(" ")
            return self.tokens.candidate_of(token) if scheme.lower() == "bearer" else None
        token = request.COOKIES.get(COOKIE)
        return self.tokens.candidate_of(token) if token and is_same_origin(request) else None

    def _beat(self, environ: Environ, candidate_id: UUID, *, is_beat: bool) -> bytes | None:
        sent = read_json(environ, longest=LONGEST_BEAT)
        sender = sender_of(sent if is_beat or sent is None else {})
        if sender is None:
            return None
        now = clock.now()
        beat = Beat(candidate_id, now, None if is_beat else now, is_beat, *sender)
        row = self.stamper.write(beat)
        if row is None:
            return None
        known: dict[str, Any] = {"deadline": row.deadline, "server_time": now}
        known["answers_version"] = row.answers_version
        if not is_beat:
            return render(outputs.ActivityOutput(last_activity=now, **known))
        other_tab = is_other_tab(
            beat.tab, stored=row.old_tab, last_heartbeat=row.old_heartbeat, now=now
        )
        return render(outputs.HeartbeatOutput(last_heartbeat=now, other_tab=other_tab, **known))

    def _save(self, environ: Environ, candidate_id: UUID) -> bytes | None:
        answers, save = plain_save(environ, candidate_id) or ({}, None)
        if save is None:
            return None
        changes = self.texts.changes(candidate_id, answers)
        row = self.saver.write(save._replace(step=packed(changes)))
        if row is None:
            return None
        self.texts.keep(candidate_id, answers, version=row.answers_version, changes=changes)
        return render(
            outputs.SavedAnswersOutput(
                sections_completed=written(row.sections),
                pending_answers=written(row.answers),
                replaced={},  # a save that replaces another tab's answers goes to Django
                deadline=row.deadline,
                answers_version=row.answers_version,
                server_time=save.at,
            )
        )


def read_json(environ: Environ, *, longest: int) -> dict[str, Any] | None:
    """The body as an object, `{}` when it is empty; it can be read again."""
    length = whole_number(environ.get("CONTENT_LENGTH") or "0")
    if length is None or length > longest or environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    raw = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = BytesIO(raw)
    if not raw:
        return {}
    try:
        sent = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return sent if isinstance(sent, dict) and find_unstorable(sent) is None else None


def sender_of(sent: dict[str, Any] | None) -> tuple[str, int | None] | None:
    if sent is None:
        return None
    tab, sequence = sent.get("tab_id", ""), sent.get("sequence")
    is_number = type(sequence) is int and 0 <= sequence <= LARGEST_SEQUENCE
    is_good = isinstance(tab, str) and TAB_ID.match(tab) and (is_number or sequence is None)
    return (tab, sequence) if is_good else None


def plain_save(environ: Environ, candidate_id: UUID) -> tuple[dict[str, Any], Save] | None:
    """The answers as sent, and what is written of them."""
    content_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if "HTTP_IDEMPOTENCY_KEY" in environ or content_type != "application/json":
        return None
    sent = read_json(environ, longest=LONGEST_SAVE) or {}
    tab, sequence = sender_of(sent) or ("", None)
    answers = sent.get("pending_answers")
    if not tab or sequence is None or not isinstance(answers, dict):
        return None
    if len(answers) > MAX_ANSWERS:
        return None
    is_plain = all(len(key) <= 100 and isinstance(v, (str, dict)) for key, v in answers.items())
    if not is_plain or sent.get("sections_completed", []) != []:
        return None
    return answers, Save(
        candidate_id=candidate_id,
        at=clock.now(),
        answers=orjson.dumps(answers).decode(),
        tab=tab,
        sequence=sequence,
    )
