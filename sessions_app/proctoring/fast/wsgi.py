"""The function in front of Django's WSGI handler."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from io import BytesIO
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from common import clock
from common.clock import iso
from common.text import find_unstorable
from sessions_app.proctoring.api.authentication import COOKIE, origin_is_ours
from sessions_app.proctoring.fast.tokens import TokenCache
from sessions_app.proctoring.fast.writer import Sent, Stamped, Writer
from sessions_app.proctoring.pulse import wait_for_first_pulse
from sessions_app.proctoring.services.beats import OTHER_TAB_FOR

log = logging.getLogger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
PATH = re.compile(r"/api/test-session/([0-9a-f-]{36})/(heartbeat|activity)")
LONGEST_BODY = 1024
LARGEST_SEQUENCE = 2**53
HEADERS = [
    ("Content-Type", "application/json"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Vary", "Cookie"),
]


class FastBeats:
    """Answers the beats of live tests; hands everything else to `application`."""

    def __init__(self, application: Application, *, writer: Writer | None = None) -> None:
        self.application = application
        self.writer = writer or Writer()
        self.tokens = TokenCache(self.writer)
        self.answered = 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
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

    def _answer(self, environ: Environ, candidate: str, verb: str) -> bytes | None:
        try:
            if self._caller(environ) != UUID(candidate):
                return None
            sender = _sender(environ) if verb == "heartbeat" else ("", None)
            if sender is None:
                return None
            wait_for_first_pulse()
            sent = Sent(UUID(candidate), clock.now(), verb == "heartbeat", *sender)
            stamped = self.writer.write(sent)
        except (psycopg.Error, ValueError) as error:
            log.warning("fast beat left to Django: %s", error)
            return None
        return None if stamped is None else _body(sent, stamped)

    def _caller(self, environ: Environ) -> UUID | None:
        """Whose request this is; None when Django has to find out or to refuse."""
        if not _is_plain(environ):
            return None
        header = environ.get("HTTP_AUTHORIZATION", "")
        if header:
            scheme, _, token = header.partition(" ")
            return self.tokens.candidate_of(token) if scheme.lower() == "bearer" else None
        token = _cookie(environ.get("HTTP_COOKIE", ""))
        if not token or not _is_same_origin(environ):
            return None
        return self.tokens.candidate_of(token)


def with_fast_beats(application: Application) -> Application:
    """The application itself, or with the fast path in front where it is on and possible."""
    is_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    return FastBeats(application) if settings.FAST_BEATS and is_postgres else application


def _is_plain(environ: Environ) -> bool:
    """A host of ours, and no redirect to https pending."""
    if settings.SECURE_SSL_REDIRECT and not _is_secure(environ):
        return False
    return _is_known_host(environ.get("HTTP_HOST", ""))


@lru_cache(maxsize=64)
def _is_known_host(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _is_secure(environ: Environ) -> bool:
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        return environ.get(name, "").split(",")[0].strip() == value
    return environ.get("wsgi.url_scheme") == "https"


def _is_same_origin(environ: Environ) -> bool:
    origin = environ.get("HTTP_ORIGIN")
    if origin:
        return origin_is_ours(origin, host=environ["HTTP_HOST"], secure=_is_secure(environ))
    return environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"


def _cookie(header: str) -> str:
    if COOKIE not in header:
        return ""
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _sender(environ: Environ) -> tuple[str, int | None] | None:
    """Tab and sequence of the body; None when Django has to say what is wrong with it."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LONGEST_BODY or environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    raw = environ["wsgi.input"].read(int(length)) if length != "0" else b""
    environ["wsgi.input"] = BytesIO(raw)
    if not raw:
        return "", None
    try:
        sent = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return _checked(sent)


def _checked(sent: Any) -> tuple[str, int | None] | None:
    if not isinstance(sent, dict) or find_unstorable(sent) is not None:
        return None
    tab, sequence = sent.get("tab_id", ""), sent.get("sequence")
    if not isinstance(tab, str) or len(tab) > 100:
        return None
    if sequence is not None:
        if isinstance(sequence, bool) or not isinstance(sequence, int):
            return None
        if not 0 <= sequence <= LARGEST_SEQUENCE:
            return None
    return tab, sequence


def _body(sent: Sent, stamped: Stamped) -> bytes:
    now = iso(sent.at)
    body: dict[str, Any] = {"success": True}
    if sent.is_beat:
        body["last_heartbeat"] = now
    else:
        body["last_activity"] = now
    body |= {"deadline": iso(stamped.deadline), "status": "active"}
    if sent.is_beat:
        body["other_tab"] = _is_other_tab(sent, stamped)
    body["server_time"] = now
    return orjson.dumps(body)


def _is_other_tab(sent: Sent, stamped: Stamped) -> bool:
    old = stamped.old_tab
    if not (sent.tab and old and stamped.old_heartbeat) or old == sent.tab:
        return False
    return sent.at - stamped.old_heartbeat < OTHER_TAB_FOR
