"""Who may see or end an API token or a signed-in device, and which people staff may reach."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from accounts.models import ApiToken, User
from common.errors import NotFound


def get_token_for(user: User, token_key: str) -> ApiToken:
    token = ApiToken.objects.filter(user=user, token_key=token_key).first()
    if token is None:
        raise NotFound
    return token


def may_manage(user: User, person: User) -> bool:
    """Whether one who may change people reaches this person's password, addresses, rights and
    deletion: those of staff, their own included, are a superuser's alone."""
    return user.is_superuser or not (person.is_staff or person.is_superuser)


def may_give_to(user: User, person: User | None) -> bool:
    """Whether one who may give rights, plans and limits may give them to this person: nobody, a
    superuser included, changes their own."""
    return person is None or person.pk != user.pk


def get_session_for(user: User, session_id: int) -> UserSession:
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is None:
        raise NotFound
    return session
