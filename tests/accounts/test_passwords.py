"""Which passwords are refused, without the network, and what a new one ends."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import ApiToken, AuditEntry, User
from accounts.passwords.known import SHORTEST, is_known
from accounts.services.tokens import issue_token
from tests.accounts.steps import PASSWORD, confirm

NEW = "another-sentence-8"


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",  # too short
        "1qaz2wsx3edc",  # Django's list
        "jonasbrothers",  # ours
        "Jonasbrothers",
        "sunshine2026!",  # a known word with a tail
        "passwordpassword",
        "abcabcabcabcabc",
        "829301746252",  # only digits
    ],
)
def test_what_many_use_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_all_of_djangos_own_list_is_known() -> None:
    """So its validator is not asked beside ours."""
    packed = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    words = gzip.decompress(packed.read_bytes()).decode().split()
    assert len(words) > 10_000
    assert [word for word in words if len(word) >= SHORTEST and not is_known(word)] == []
    with pytest.raises(ValidationError):
        validate_password(" 1qaz2wsx3edc ")


@pytest.mark.parametrize(
    "password",
    ["a-long-sentence-7", "vier Pferde essen Heu", "sunshine on 12 hills", "x9$kQ!mmz2pLw"],
)
def test_a_sentence_of_ones_own_is_taken(password: str) -> None:
    validate_password(password)


@pytest.mark.timeout(60)  # a pattern that backtracks would take years
def test_a_long_password_is_read_in_one_pass() -> None:
    validate_password("1" * 100_000 + "a" + "1" * 100_000)


@pytest.mark.django_db
def test_a_shorter_one_of_before_still_signs_in(client: Client, owner: User) -> None:
    owner.set_password("old")
    owner.save()
    answer = client.post(reverse("account_login"), {"login": "owner", "password": "old"})
    assert answer.url == reverse("dashboard")


@pytest.fixture
def token(owner: User) -> str:
    return issue_token(user=owner, name="notebook")[1]


def me(token: str) -> int:
    return Client().get("/api/auth/me", headers={"authorization": f"Bearer {token}"}).status_code


def test_a_changed_password_ends_other_sessions_and_all_tokens(
    client: Client, owner: User, token: str, mailoutbox
) -> None:
    other = Client()
    other.force_login(owner)
    client.force_login(owner)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert me(token) == 200

    assert client.post(reverse("account_change_password"), form).status_code == 302

    assert me(token) == 401
    assert not ApiToken.objects.exists()
    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200  # this device stays
    assert mailoutbox[-1].to == ["owner@example.com"]
    assert "password" in mailoutbox[-1].subject.lower()


def test_a_reset_ends_all_sessions_and_tokens(owner: User, token: str, mailoutbox) -> None:
    signed_in = Client()
    signed_in.force_login(owner)
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": owner.email})
    link = re.search(r"http://testserver(/\S+)", mailoutbox[0].body)
    form = browser.get(link[1], follow=True)
    browser.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    assert me(token) == 401
    assert signed_in.get("/account").status_code == 302


def test_a_password_set_in_the_console_or_by_command_ends_tokens(
    client: Client, owner: User, staff: User, token: str, monkeypatch
) -> None:
    client.force_login(staff)
    form = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    client.post(reverse("admin:auth_user_password_change", args=[owner.pk]), form)
    assert me(token) == 401

    owner.refresh_from_db()
    again = issue_token(user=owner)[1]
    monkeypatch.setattr("getpass.getpass", lambda prompt: "yet-another-sentence-9")
    call_command("changepassword", "owner", verbosity=0)
    assert me(again) == 401


def test_guesses_at_the_present_password_count_as_sign_ins(client: Client, owner: User) -> None:
    client.force_login(owner)
    form = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    for _ in range(5):
        assert client.post(reverse("account_change_password"), form).status_code == 200

    sent = {"username": "owner", "password": PASSWORD}
    assert APIClient().post("/api/auth/token", sent).status_code == 429
    assert AuditEntry.objects.filter(action="sign_in.failed", subject_name="owner").count() == 5


def test_an_upgraded_hash_is_no_new_password(
    client: Client, owner: User, token: str, settings
) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    client.post(reverse("account_login"), {"login": "owner", "password": PASSWORD})
    assert me(token) == 200


def test_the_new_password_is_asked_after_the_present_one(client: Client, owner: User) -> None:
    client.force_login(owner)
    confirm(client)
    form = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), form).status_code == 200
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)
