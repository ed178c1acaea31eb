"""API tokens: issued once, shown once, stored hashed."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts.errors import OtpRequired, WrongCredentials, WrongOtp
from accounts.models import ApiToken, User
from accounts.models.users import SECOND_FACTORS
from accounts.second_factor import accepts_code
from accounts.services import storage
from accounts.services.audit import record
from accounts.services.sign_ins import begin_code, sign_in_succeeded, was_right
from common import clock
from common.http.address import client_address
from common.row_limits import limit_of, refuse_above

# The name of tokens that a sign-in through the API makes.
SIGN_IN_TOKEN_NAME = "Signed in through the API"
BEARER = {"WWW-Authenticate": "Bearer"}


def user_for_api(*, username: str, password: str, otp: str = "", request: HttpRequest) -> User:
    """The active user of a username or an e-mail, its password and, with a second factor, a code.

    Raises WrongCredentials, OtpRequired, WrongOtp (401), TooOften (`services.sign_ins`).
    """
    user = get_adapter(request).authenticate(request, username=username, password=password)
    if not isinstance(user, User) or not user.is_active:
        raise WrongCredentials(headers=BEARER)
    if user.authenticator_set.filter(type__in=SECOND_FACTORS).exists():
        if not otp:
            raise OtpRequired(headers=BEARER)
        now = clock.now()
        attempt = begin_code(user=user, now=now)
        if not accepts_code(user=user, code=otp):
            record("mfa.failed", subject=user)
            raise WrongOtp(headers=BEARER)
        was_right(attempt, now=now)
    sign_in_succeeded(user=user, address=client_address(request))
    record("sign_in.succeeded", subject=user, actor=user, via="API")
    return user


@transaction.atomic
def issue_token(*, user: User, name: str = "", days: int | None = None) -> tuple[ApiToken, str]:
    """A new token row and its text, which cannot be read again.

    At the limit of tokens the oldest that a sign-in made goes; raises TooMany (413) when all were
    made by hand.
    """
    _make_room(user)
    lifetime = timedelta(days=days or settings.API_TOKEN_DAYS)
    token, text = ApiToken.objects.create(user, expiry=lifetime, name=name)
    record("token.issued", subject=user, actor=user, name=name, token=token.token_key[:6])
    return token, text


def _make_room(user: User) -> None:
    storage.lock(user_id=user.pk)  # so that two at once do not pass the limit
    usable = ApiToken.objects.filter(user=user, expiry__gt=clock.now())
    used = usable.count()
    if used < limit_of("tokens"):
        return
    oldest = usable.filter(name=SIGN_IN_TOKEN_NAME).order_by("created").first()
    if oldest is None:
        refuse_above("tokens", what="API tokens", used=used)
    else:
        revoke_token(token=oldest)


@transaction.atomic
def revoke_token(*, token: ApiToken) -> None:
    record("token.revoked", subject=token.user, name=token.name, token=token.token_key[:6])
    token.delete()


@transaction.atomic
def revoke_all_tokens(*, user: User) -> int:
    """A new password, or a person who signs out everywhere: nothing opens the API any more."""
    revoked = ApiToken.objects.filter(user=user).delete()[0]
    if revoked:
        record("token.all_revoked", subject=user, tokens=revoked)
    return revoked
