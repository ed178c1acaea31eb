"""Asking the provider again, for people who have neither a password nor a second factor here.

allauth's own reauthentication lets them through, since it has nothing to ask; a stolen session
could then make a token, or set a password and use it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from common.errors import Forbidden

ASKED_AGAIN = {
    *("accounts:create-token", "accounts:export", "accounts:export-file", "accounts:delete"),
    *("account_email", "account_set_password", "socialaccount_connections"),
    *("mfa_activate_totp", "mfa_add_webauthn"),
}


class AskProviderAgain:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or match.view_name not in ASKED_AGAIN:
            return None
        return ask_again(request)


def ask_again(request: HttpRequest) -> HttpResponseBase | None:
    """The way to the provider for who must be asked there; None for all others."""
    if not request.user.is_authenticated:
        return None
    if get_reauthentication_flows(request.user) or _signed_in_recently(request):
        return None
    return _to_provider(request)


def _signed_in_recently(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    latest = max((record["at"] for record in records), default=0.0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def _to_provider(request: HttpRequest) -> HttpResponseBase:
    """Its sign-in page, told to ask and not to remember; back to this page afterwards."""
    account = SocialAccount.objects.filter(user=request.user).order_by("-last_login").first()
    if account is None:
        raise Forbidden("Set a password first: use “Forgot your password?” on the sign-in page.")
    # Never the provider's own way back, whose words work once.
    is_page = request.method == "GET" and "code" not in request.GET
    back = request.get_full_path() if is_page else "/account"
    provider = account.get_provider(request)
    address = provider.get_login_url(
        request, process="login", next=back, auth_params="prompt=login"
    )
    return redirect(address)
