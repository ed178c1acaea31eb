"""What allauth asks of the site: new accounts, names, mails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.errors import MailNotSent, NameTaken
from accounts.models.users import User
from accounts.names import LONGEST
from accounts.provider_reauthentication import ask_again
from accounts.selectors.people import is_taken
from accounts.services.people import welcome
from accounts.services.sign_ins import begin_sign_in, sign_in_succeeded, was_right
from accounts.zones import validate_zone
from common import clock
from common.http.address import client_address
from common.text import normalized

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """New accounts get their free plan, and the zone their browser tells. Pages, API and console
    sign in here, and count what fails."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The user of this name and password, also one who may not sign in any more, or None;
        raises TooOften before it looks."""
        name = str(credentials.get("username") or credentials.get("email") or "")
        now = clock.now()
        attempt = begin_sign_in(name=name, address=client_address(request), now=now)
        user = super().authenticate(request, **credentials)
        if user is not None:
            was_right(attempt, now=now)
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        """Called when a second factor, if there is one, was right too."""
        super().login(request, user)
        sign_in_succeeded(user=user, address=client_address(request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth counts names here; `authenticate` counts accounts."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - allauth's signature
        zone = request.POST.get("timezone", "")
        try:
            validate_zone(zone)
            user.timezone = zone
        except ValidationError:
            user.timezone = "UTC"
        # The forms have looked; of two who send at once the database lets one in.
        with _refusing_taken():
            user = super().save_user(request, user, form, commit)
            if commit:
                welcome(user=user, now=clock.now())
        return user

    def clean_username(self, username: str, shallow: bool = False) -> str:  # noqa: FBT001, FBT002 - allauth's signature
        username = normalized(username, longest=LONGEST)
        for validator in User._meta.get_field("username").validators:
            validator(username)
        if not shallow and is_taken(username):
            raise self.validation_error("username_taken")
        return username

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away stops no sign-up: the address is confirmed later. Whoever
        asked for a mail is told that none was sent."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            logger.exception("mail not sent: %s", template_prefix)
            if not template_prefix.endswith("email_confirmation_signup"):
                raise MailNotSent from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What it tells about has happened already, whether or not the mail can be sent."""
        with suppress(MailNotSent):
            super().send_notification_mail(*args, **kwargs)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """New accounts of people who sign in with their organization's."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Another account of the provider signs in to this one for good: who adds it is asked
        again, also where there is no password to ask for."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            asked = ask_again(request)
            if asked is not None:
                raise ImmediateHttpResponse(asked)

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        with _refusing_taken():
            user = super().save_user(request, sociallogin, form)
            welcome(user=user, now=clock.now())
        return user


@contextmanager
def _refusing_taken() -> Iterator[None]:
    """A transaction in which a name or an address that was taken meanwhile is refused (409)."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise NameTaken from error
