"""Which tokens open the API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from knox.crypto import hash_token

from accounts.models import ApiToken, User
from common.db import compiled


@compiled
def token_of_digest(digest: str) -> QuerySet[ApiToken]:
    """Read by every call of the API. The digest is the key: SHA-512 of the text."""
    return ApiToken.objects.filter(digest=digest).select_related("user")


def find_live_token(text: str, *, now: datetime) -> ApiToken | None:
    """The token of this text with its person, unless it is unknown, revoked or has expired.

    Expired rows are swept by a beat task; nothing is written here.
    """
    token = token_of_digest.first(digest=hash_token(text))
    if token is None or (token.expiry is not None and token.expiry < now):
        return None
    return token


def usable_tokens(user: User, *, now: datetime) -> Iterable[ApiToken]:
    """What opens the API for this person now, newest first."""
    return ApiToken.objects.filter(user=user, expiry__gt=now).order_by("-created")
