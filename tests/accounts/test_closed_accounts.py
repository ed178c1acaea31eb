"""A deleted account does not start its day anew with the same address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ClosedAccountUsage, DailyUsage, UsageReservation, User
from accounts.services.closed_accounts import forget_closed_accounts
from accounts.services.own_data import delete_user
from common import clock
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


def test_it_is_forgotten_when_the_day_is_over() -> None:
    start(sign_up("ana@example.com"))
    delete_user(user=User.objects.get(username="new"))
    assert forget_closed_accounts(now=clock.now()) == 0
    assert forget_closed_accounts(now=clock.now() + timedelta(days=1)) == 1
    assert not ClosedAccountUsage.objects.exists()
