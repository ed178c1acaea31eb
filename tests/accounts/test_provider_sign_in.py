"""Signing in with an organization's own accounts, through a real provider on a loopback port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from config import sign_in
from tests.accounts import oidc_server
from tests.accounts.oidc_server import CLIENT, SECRET, Provider
from tests.accounts.steps import code_now, give_app
from tests.factories import UserFactory

LOGIN = "/accounts/oidc/oidc/login/"
TOKEN = {"name": "notebook", "days": 7}


@pytest.fixture
def provider(settings, monkeypatch) -> Iterator[Provider]:
    with oidc_server.running() as made:
        monkeypatch.setenv("OIDC_SERVER_URL", made.url)
        monkeypatch.setenv("OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setenv("OIDC_CLIENT_SECRET", SECRET)
        monkeypatch.setenv("OIDC_NAME", "Example Ltd")
        settings.SOCIALACCOUNT_PROVIDERS = sign_in.providers()
        made.people["ana"] = {
            "sub": "ana",
            "email": "ana@example.com",
            "email_verified": True,
            "preferred_username": "ana",
            "given_name": "Ana",
        }
        yield made


def enter(client: Client, provider: Provider, person: str = "ana", at: str = LOGIN):
    """Go to the provider, sign in there, come back; the answer of the way back."""
    leaves = client.post(at)
    assert leaves.status_code == 302 and leaves.url.startswith(f"{provider.url}/authorize")
    return client.get(f"{LOGIN}callback/", provider.sign_in(leaves.url, person))


@pytest.mark.django_db
def test_it_is_off_without_its_address(client: Client) -> None:
    assert sign_in.providers()["openid_connect"]["APPS"] == []
    assert "Sign in with your" not in client.get(reverse("account_login")).content.decode()
    assert client.post(LOGIN).status_code == 404


def test_half_a_configuration_stops_the_start(monkeypatch) -> None:
    monkeypatch.setenv("OIDC_SERVER_URL", "https://id.example.com/realms/main")
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID"):
        sign_in.providers()
    assert sign_in.origins() == ["https://id.example.com"]


def test_production_believes_no_provider_without_tls(monkeypatch) -> None:
    monkeypatch.setenv("OIDC_SERVER_URL", "http://id.example.com/realms/main")
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(ImproperlyConfigured, match="https"):
        sign_in.providers()


@pytest.mark.django_db
def test_a_new_person_gets_an_account_and_comes_back_to_it(client: Client, provider) -> None:
    assert "Sign in with Example Ltd" in client.get(reverse("account_login")).content.decode()
    assert enter(client, provider).url == reverse("dashboard")
    user = User.objects.get(email="ana@example.com")
    assert (user.username, user.first_name, user.subscription.plan) == ("ana", "Ana", "free")
    assert not user.has_usable_password()

    again = Client()
    enter(again, provider)
    assert again.session["_auth_user_id"] == str(user.pk)
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_the_address_of_an_account_does_not_open_it(client: Client, provider) -> None:
    UserFactory(username="first", email="ana@example.com")
    answer = enter(client, provider)
    assert answer.url == reverse("socialaccount_signup")
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_second_factor_is_asked_here_too(client: Client, provider) -> None:
    enter(Client(), provider)
    give_app(User.objects.get(username="ana"))
    assert enter(client, provider).url == reverse("mfa_authenticate")
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert client.get("/account").status_code == 200


@pytest.mark.django_db
def test_a_code_of_somebody_else_opens_nothing(client: Client, provider) -> None:
    leaves = client.post(LOGIN)
    back = provider.sign_in(leaves.url, "ana")
    stranger = Client()
    page = stranger.get(f"{LOGIN}callback/", back)
    assert "Signing in did not work" in page.content.decode()
    assert "_auth_user_id" not in stranger.session


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["accounts:create-token", "account_set_password"])
def test_a_stolen_session_without_a_password_is_sent_to_the_provider(
    client: Client, provider, settings, name: str
) -> None:
    enter(client, provider)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = client.post(reverse(name), TOKEN)
    assert asked.url.startswith(f"{LOGIN}?process=login")
    assert not ApiToken.objects.exists()

    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    enter(client, provider, at=asked.url)
    assert provider.asked[-1]["prompt"] == "login"
    assert client.post(reverse("accounts:create-token"), TOKEN).status_code == 200
    assert ApiToken.objects.count() == 1


@pytest.mark.django_db
def test_a_stolen_session_adds_no_other_way_to_sign_in(client: Client, provider, settings) -> None:
    """Without a password here, allauth has nothing to ask before it adds the thief's own account of
    the provider, which would open this one for good."""
    enter(client, provider)
    owner = User.objects.get(username="ana")
    provider.people["thief"] = {"sub": "thief", "email": "thief@example.com"}
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

    asked = enter(client, provider, "thief", at=f"{LOGIN}?process=connect")

    assert asked.url.startswith(f"{LOGIN}?process=login")
    assert list(owner.socialaccount_set.values_list("uid", flat=True)) == ["ana"]
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    enter(client, provider, at=asked.url)
    enter(client, provider, "thief", at=f"{LOGIN}?process=connect")
    assert owner.socialaccount_set.count() == 2
