"""The list of signed-in devices: one, all others, and nobody else's."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from accounts.services.tokens import issue_token
from accounts.templatetags.devices import device
from tests.accounts.steps import PASSWORD

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(user: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_each_device_is_listed_and_one_is_signed_out(owner: User) -> None:
    here, there = signed_in(owner), signed_in(owner, "curl/8.0")
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox on Linux" in page and "curl/8.0" in page and "this device" in page
    other = UserSession.objects.get(user_agent="curl/8.0")

    here.post(reverse("accounts:end-session", args=[other.pk]))

    assert (is_in(here), is_in(there)) == (True, False)
    assert "curl/8.0" not in here.get(reverse("usersessions_list")).content.decode()


def test_everywhere_else_ends_devices_and_tokens(owner: User, stranger: User) -> None:
    here, there, theirs = signed_in(owner), signed_in(owner), signed_in(stranger)
    issue_token(user=owner)
    issue_token(user=stranger)
    here.post(reverse("accounts:sign-out-everywhere"))
    assert (is_in(here), is_in(there), is_in(theirs)) == (True, False, True)
    assert list(ApiToken.objects.values_list("user", flat=True)) == [stranger.pk]


def test_nobody_ends_anothers_session(owner: User, stranger: User) -> None:
    here, theirs = signed_in(owner), signed_in(stranger)
    session = UserSession.objects.get(user=stranger)
    assert here.post(reverse("accounts:end-session", args=[session.pk])).status_code == 404
    assert is_in(theirs)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140 Safari/537 Edg/140",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19) Version/19 Safari/604", "Safari on iPhone"),
        ("python-requests/2.34.2", "python-requests/2.34.2"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_are_named_in_words(agent: str, words: str) -> None:
    assert device(agent) == words
