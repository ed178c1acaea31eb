"""Mails that tell a person what was done with the account, so that a thief is noticed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from accounts.models import User


def address_of(user: User) -> str:
    return EmailAddress.objects.get_primary_email(user) or ""


def tell_owner(
    request: HttpRequest, user: User, what: str, *, address: str = "", **context: Any
) -> None:
    """Send templates/accounts/email/<what>; a mail server that is away stops nothing."""
    get_adapter(request).send_notification_mail(
        f"accounts/email/{what}", user, {"user": user, **context}, email=address or None
    )


def tell_of_changed_address(request: HttpRequest, user: User, *, old: str, new: str) -> None:
    """To the old one: whoever holds the new one knows."""
    if old:
        addresses = {"from_email": old, "to_email": new}
        get_adapter(request).send_notification_mail(
            "account/email/email_changed", user, addresses, email=old
        )


def tell_of_changed_password(request: HttpRequest, user: User) -> None:
    get_adapter(request).send_notification_mail("account/email/password_changed", user)


def tell_of_new_address(
    sender: Any, request: HttpRequest, user: User, email_address: EmailAddress, **kwargs: Any
) -> None:
    """Heard from allauth (`apps.ready`). To the address so far: allauth writes only when the main
    address has changed."""
    tell_owner(request, user, "address_added", new_address=email_address.email)
