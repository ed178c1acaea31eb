"""Middlewares that only pages need: a call of the API that brings its own token passes them by.

A call with a bearer token has no sign-in, no form and no message to show, whatever cookies come
along; who is asking is settled by the view's own authentication.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponseBase
from django.middleware import csrf
from django.utils.deprecation import MiddlewareMixin

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# A page, although it stands under /api.
DOCS = "/api/docs"


def brings_a_token(request: HttpRequest) -> bool:
    """Whether this is a call of the API with `Authorization: Bearer …`, valid or not."""
    if request.META.get("HTTP_AUTHORIZATION", "")[:7].lower() != "bearer ":
        return False
    return request.path.startswith("/api/") and not request.path.startswith(DOCS)


def pages_only(make: Callable[[GetResponse], GetResponse]) -> Callable[[GetResponse], GetResponse]:
    """The same for a middleware that is a function."""

    def middleware_of(get_response: GetResponse) -> GetResponse:
        for_pages = make(get_response)

        def middleware(request: HttpRequest) -> HttpResponseBase:
            return get_response(request) if brings_a_token(request) else for_pages(request)

        return middleware

    return middleware_of


class PagesOnly(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if brings_a_token(request):
            return self.get_response(request)  # type: ignore[return-value]
        return super().__call__(request)  # type: ignore[return-value]


class SessionMiddleware(PagesOnly, sessions.SessionMiddleware):
    pass


class CsrfViewMiddleware(PagesOnly, csrf.CsrfViewMiddleware):
    pass


class AuthenticationMiddleware(PagesOnly, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(PagesOnly, messages.MessageMiddleware):
    pass
