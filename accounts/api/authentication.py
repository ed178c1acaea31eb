"""How API requests say who they are: a bearer token, or the page's own session with CSRF."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import ApiToken, User
from accounts.selectors.tokens import find_live_token
from common import clock


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer <token>`; anything that is not a live token of ours is 401."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        try:
            text = token.decode("ascii")
        except UnicodeDecodeError as error:
            raise AuthenticationFailed("Invalid token.") from error
        found = find_live_token(text, now=clock.now())
        if found is None:
            raise AuthenticationFailed("Invalid token.")
        return self.validate_user(found)


class PageSessionAuthentication(SessionAuthentication):
    """The signed-in page: cookie plus CSRF token."""

    def authenticate(self, request: Any) -> Any:
        user = getattr(request._request, "user", None)
        if user is None or isinstance(user, AnonymousUser) or not user.is_active:
            return None
        self.enforce_csrf(request)
        return (user, None)


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


class PageSessionScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.PageSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "etude_session"}
