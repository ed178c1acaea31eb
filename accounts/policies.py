"""Who may see or revoke an API token: the person it belongs to."""

from __future__ import annotations

from accounts.models import ApiToken, User
from common.errors import NotFound


def get_token_for(user: User, token_key: str) -> ApiToken:
    token = ApiToken.objects.filter(user=user, token_key=token_key).first()
    if token is None:
        raise NotFound
    return token
