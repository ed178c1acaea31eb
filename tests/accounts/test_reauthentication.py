"""A stolen session changes nothing that lasts, and the owner is told of what was changed."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from tests.accounts.steps import PASSWORD, confirm, give_app

pytestmark = pytest.mark.django_db

TOKEN = {"name": "notebook", "days": 7}
ASKED_AGAIN = [
    ("post", "accounts:create-token", TOKEN),
    ("get", "accounts:export", {}),
    ("get", "accounts:export-file", {}),
    ("get", "accounts:delete", {}),
    ("post", "accounts:delete", {"username": "owner"}),
    ("post", "account_email", {"action_add": "", "email": "thief@example.com"}),
    ("get", "mfa_activate_totp", {}),
    ("get", "mfa_add_webauthn", {}),
    ("post", "mfa_generate_recovery_codes", {}),
]


@pytest.fixture
def stolen(client: Client, owner: User) -> Client:
    """The cookie of somebody who signed in by the form a moment ago."""
    client.post(reverse("account_login"), {"login": "owner", "password": PASSWORD})
    return client


@pytest.mark.parametrize(("method", "name", "form"), ASKED_AGAIN)
def test_the_password_is_asked_once_more(stolen: Client, owner: User, method, name, form) -> None:
    answer = getattr(stolen, method)(reverse(name), form)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate")), answer.url
    assert User.objects.filter(pk=owner.pk).exists()
    assert not ApiToken.objects.exists()
    assert not EmailAddress.objects.filter(email="thief@example.com").exists()
    assert not Authenticator.objects.exists()


def test_a_stolen_session_makes_no_token_by_guessing(stolen: Client) -> None:
    stolen.post(reverse("accounts:create-token"), TOKEN)
    page = stolen.post(reverse("account_reauthenticate"), {"password": "guess"})
    assert "Incorrect password" in page.content.decode()
    assert not ApiToken.objects.exists()


def test_what_was_asked_for_goes_on_after_the_password(stolen: Client, mailoutbox) -> None:
    asked = stolen.post(reverse("accounts:create-token"), TOKEN)
    page = stolen.post(asked.url, {"password": PASSWORD, "next": reverse("accounts:create-token")})
    text = re.search(rb'token-text">([^<]+)<', page.content)
    assert text, page.content.decode()
    me = Client().get("/api/auth/me", headers={"authorization": f"Bearer {text[1].decode()}"})
    assert me.json()["username"] == "owner"
    assert (mailoutbox[-1].to, mailoutbox[-1].subject) == (
        ["owner@example.com"],
        "A new API token for your account",
    )
    assert "notebook" in mailoutbox[-1].body


def test_a_code_of_the_second_factor_is_enough(client: Client, owner: User) -> None:
    codes = give_app(owner)
    client.force_login(owner)
    client.post(reverse("mfa_reauthenticate"), {"code": codes[0]})
    assert client.get(reverse("accounts:export")).status_code == 200


def test_the_owner_is_told(client: Client, owner: User, mailoutbox) -> None:
    EmailAddress.objects.create(user=owner, email=owner.email, primary=True, verified=True)
    client.force_login(owner)
    confirm(client)
    client.get(reverse("accounts:export-file"))
    client.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})
    EmailAddress.objects.filter(email="new@example.com").update(verified=True)
    client.post(reverse("account_email"), {"action_primary": "", "email": "new@example.com"})
    client.post(reverse("accounts:delete"), {"username": "owner"})

    told = [(mail.to[0], mail.subject) for mail in mailoutbox]
    assert ("owner@example.com", "Your data was exported") in told
    assert ("owner@example.com", "A new address for your account") in told
    changed = [
        mail for mail in mailoutbox if "new@example.com" in mail.body and "changed" in mail.body
    ]
    assert changed and changed[0].to == ["owner@example.com"]  # the old address
    assert ("new@example.com", "Your account is deleted") in told
    assert not User.objects.filter(pk=owner.pk).exists()


class DeadMail(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_a_dead_mail_server_stops_nothing_of_it(client: Client, owner: User, settings) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.test_reauthentication.DeadMail"
    client.force_login(owner)
    confirm(client)
    assert client.get(reverse("accounts:export-file")).status_code == 200
    form = {"oldpassword": PASSWORD, "password1": "another-sentence-8"}
    form["password2"] = form["password1"]
    assert client.post(reverse("account_change_password"), form).status_code == 302
