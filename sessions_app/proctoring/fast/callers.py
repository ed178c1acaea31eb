"""Who asks the fast path; whoever is not surely one of ours is left to Django."""

from __future__ import annotations

from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from sessions_app.assessments.api.authentication import COOKIE, origin_is_ours
from sessions_app.proctoring.fast.tokens import TokenCache

Environ = dict[str, Any]


def caller_of(environ: Environ, tokens: TokenCache) -> UUID | None:
    """The candidate whose good token this request carries, by Bearer or same-origin cookie."""
    if not _is_plain(environ):
        return None
    header = environ.get("HTTP_AUTHORIZATION", "")
    if header:
        scheme, _, token = header.partition(" ")
        return tokens.candidate_of(token) if scheme.lower() == "bearer" else None
    token = _cookie(environ.get("HTTP_COOKIE", ""))
    if not token or not _is_same_origin(environ):
        return None
    return tokens.candidate_of(token)


def _is_plain(environ: Environ) -> bool:
    """A host of ours, no redirect to https pending, no word needed about other origins."""
    if settings.SECURE_SSL_REDIRECT and not _is_secure(environ):
        return False
    if environ.get("HTTP_ORIGIN") in settings.CORS_ALLOWED_ORIGINS:
        return False
    return _is_known_host(environ.get("HTTP_HOST", ""))


@lru_cache(maxsize=64)
def _is_known_host(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _is_secure(environ: Environ) -> bool:
    proxy = getattr(settings, "SECURE_PROXY_SSL_HEADER", None)
    if proxy:
        return environ.get(proxy[0], "").split(",")[0].strip() == proxy[1]
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
