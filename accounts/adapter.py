from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.errors import MailNotSent
from accounts.services.people import ensure_subscription
from accounts.services.sign_ins import begin_sign_in, sign_in_succeeded
from accounts.zones import validate_zone
from common import clock
from common.http.address import client_address

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
        attempt = begin_sign_in(name=name, address=client_address(request), now=clock.now())
        user = super().authenticate(request, **credentials)
        if user is not None:
            sign_in_succeeded(attempt)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth counts names here; `authenticate` counts accounts."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - allauth's signature
        zone = request.POST.get("timezone", "")
        try:
            validate_zone(zone)
            user.timezone = zone
        except ValidationError:
            user.timezone = "UTC"
        user = super().save_user(request, user, form, commit)
        if commit:
            ensure_subscription(user=user)
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away stops no sign-up: the address is confirmed later. Whoever
        asked for a mail is told that none was sent."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            logger.exception("mail not sent: %s", template_prefix)
            if not template_prefix.endswith("email_confirmation_signup"):
                raise MailNotSent from error
