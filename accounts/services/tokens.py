"""API tokens: issued once, shown once, stored hashed."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.models import ApiToken, User


def user_for_credentials(
    *, username: str, password: str, request: HttpRequest | None = None
) -> User | None:
    """The active user of a username or e-mail and its password, or None."""
    found = User.objects.filter(email__iexact=username).values_list("username", flat=True).first()
    name = username if User.objects.filter(username=username).exists() else (found or username)
    user = authenticate(request, username=name, password=password)
    return user if isinstance(user, User) else None


def issue_token(*, user: User, name: str = "", days: int | None = None) -> tuple[ApiToken, str]:
    """A new token row and its text, which cannot be read again."""
    lifetime = timedelta(days=days or settings.API_TOKEN_DAYS)
    return ApiToken.objects.create(user, expiry=lifetime, name=name)


def revoke_token(*, token: ApiToken) -> None:
    token.delete()
