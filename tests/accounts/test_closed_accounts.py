"""A deleted account does not start its day anew with the same address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.models import ClosedAccountUsage, DailyUsage, UsageReservation, User
from accounts.services.closed_accounts import forget_closed_accounts, remember_address
from accounts.services.own_data import delete_user
from common import clock
from tests.accounts.steps import confirm
from tests.factories import UserFactory
from tests.practice.factories import make_set

pytestmark = pytest.mark.django_db
FORM = {"username": "new", "password1": "a-long-sentence-7", "password2": "a-long-sentence-7"}


def sign_up(email: str) -> Client:
    client = Client()
    assert client.post(reverse("account_signup"), {**FORM, "email": email}).status_code == 302
    return client


def start(client: Client) -> int:
    return client.post(f"/practice/{make_set(1).slug}/start").status_code


def test_the_same_address_goes_on_where_it_was(settings) -> None:
    first = sign_up("ana@example.com")
    assert [start(first) for _ in range(4)] == [302, 302, 302, 429]
    delete_user(user=User.objects.get(username="new"))
    assert "ana" not in str(list(ClosedAccountUsage.objects.values()))

    again = sign_up("ANA@example.com")

    assert start(again) == 429
    user = User.objects.get(username="new")
    used = UsageReservation.objects.filter(user=user, kind="practice_start", state="used")
    assert DailyUsage.objects.get(user=user, kind="practice_start").taken == used.count() == 3


def test_another_address_starts_its_own_day() -> None:
    first = sign_up("ana@example.com")
    start(first)
    delete_user(user=User.objects.get(username="new"))
    assert start(sign_up("ben@example.com")) == 302
    assert DailyUsage.objects.get(user__username="new").taken == 1


def test_nor_when_the_address_was_removed_first() -> None:
    first = sign_up("ana@example.com")
    assert [start(first) for _ in range(4)] == [302, 302, 302, 429]
    user = User.objects.get(username="new")
    EmailAddress.objects.create(user=user, email="ben@example.com", verified=True)
    confirm(first, FORM["password1"])
    for act, email in (("primary", "ben@example.com"), ("remove", "ana@example.com")):
        first.post(reverse("account_email"), {"email": email, f"action_{act}": ""})
    user.refresh_from_db()
    assert [row.email for row in user.emailaddress_set.all()] == [user.email] == ["ben@example.com"]
    delete_user(user=user)

    assert start(sign_up("ana@example.com")) == 429


def test_an_address_that_leaves_two_accounts_keeps_the_greater_use() -> None:
    for taken in (3, 1):
        user = UserFactory()
        day = clock.utc_day(clock.now())
        DailyUsage.objects.create(user=user, day=day, kind="practice_start", taken=taken)
        remember_address("ana@example.com", user=user, now=clock.now())
    assert ClosedAccountUsage.objects.get().taken == 3


def test_it_is_forgotten_when_the_day_is_over() -> None:
    start(sign_up("ana@example.com"))
    delete_user(user=User.objects.get(username="new"))
    assert forget_closed_accounts(now=clock.now()) == 0
    assert forget_closed_accounts(now=clock.now() + timedelta(days=1)) == 1
    assert not ClosedAccountUsage.objects.exists()
