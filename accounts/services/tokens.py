"""API tokens: issued once, shown once, stored hashed."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.http import HttpRequest

from accounts.models import ApiToken, User
from accounts.services.audit import record


def user_for_credentials(*, username: str, password: str, request: HttpRequest) -> User | None:
    """The active user of a username, or else of an e-mail, and its password; or None. Raises
    TooOften (`services.sign_ins`)."""
    if not User.objects.filter(username=username).exists():
        # Not `iexact`, which compares upper case: the index of the unique address is on lower case.
        by_email = User.objects.alias(address=Lower("email")).filter(address=Lower(Value(username)))
        username = by_email.values_list("username", flat=True).first() or username
    user = get_adapter(request).authenticate(request, username=username, password=password)
    return user if isinstance(user, User) and user.is_active else None


@transaction.atomic
def issue_token(*, user: User, name: str = "", days: int | None = None) -> tuple[ApiToken, str]:
    """A new token row and its text, which cannot be read again."""
    lifetime = timedelta(days=days or settings.API_TOKEN_DAYS)
    token, text = ApiToken.objects.create(user, expiry=lifetime, name=name)
    record("token.issued", subject=user, actor=user, name=name, token=token.token_key[:6])
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken) -> None:
    record("token.revoked", subject=token.user, name=token.name, token=token.token_key[:6])
    token.delete()
