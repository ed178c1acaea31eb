"""Wrong passwords are counted by account and by true address, whichever entrance they come to."""

from __future__ import annotations

import re
import time
from types import SimpleNamespace

import pytest
from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.core.internal.ratelimit import parse_rates
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from common.limits import Rate
from tests.accounts.steps import confirm
from tests.accounts.test_signing_in import NEW
from tests.factories import UserFactory
from tests.threads import run_together

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "secret-pass-1", "wrong"
HERE = configured.SIGN_IN_LIMITS["here"][0].amount


def page(name, password=WRONG, **headers):
    body = {"login": name, "password": password}
    return Client().post(reverse("account_login"), body, **headers)


def api(name, password=WRONG, **headers):
    body = {"username": name, "password": password}
    return APIClient().post("/api/auth/token", body, format="json", **headers)


# The console has no sign-in of its own: it leads to the page.
ENTRANCES = {"page": (page, 302), "api": (api, 200)}


@pytest.fixture
def guessed():
    return UserFactory(admin=True, username="guessed", email="guessed@example.com")


def test_a_forwarded_header_does_not_begin_the_count_anew(guessed):
    """Sixty tries with sixty addresses made up, and in: so it was."""
    told = [api("guessed", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code for n in range(60)]
    assert told == [401] * HERE + [429] * (60 - HERE)
    assert api("guessed", RIGHT, HTTP_X_FORWARDED_FOR="198.51.100.99").status_code == 429


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_behind_a_proxy_one_visitors_tries_lock_no_other_out(settings, guessed, entrance):
    settings.TRUSTED_PROXIES = 1
    enter, welcome = ENTRANCES[entrance]
    for n in range(40):
        enter(f"nobody{n}", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert enter("guessed", RIGHT, HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 429
    assert enter("guessed", RIGHT, HTTP_X_FORWARDED_FOR="198.51.100.2").status_code == welcome


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_all_entrances_share_one_count(guessed, entrance):
    for n in range(HERE):
        list(ENTRANCES.values())[n % 2][0]("guessed")
    refused = ENTRANCES[entrance][0]("guessed", RIGHT)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 300
    assert "Too many failed sign-ins. Try again in 5 minutes" in refused.content.decode()


def test_the_api_says_so_in_the_contracts_shape(guessed):
    for _ in range(HERE):
        api("guessed")
    body = api("guessed").json()
    assert body.keys() == {"error", "code", "fields", "limit", "used", "resets_at"}
    assert body["code"] == "throttled" and body["resets_at"].endswith("Z")


def test_the_names_of_one_account_share_one_count(guessed):
    EmailAddress.objects.create(user=guessed, email="second@example.com", verified=True)
    names = [
        "guessed",
        "GUESSED",
        "guessed@example.com",
        "Guessed@Example.com",
        "second@example.com",
    ]
    assert {api(names[n % len(names)]).status_code for n in range(HERE)} == {401}
    assert {api(name).status_code for name in names} == {429}
    assert {page(name, RIGHT).status_code for name in names} == {429}


def test_a_name_that_nobody_has_is_answered_as_one_that_somebody_has(guessed):
    somebody = [api("guessed").status_code for _ in range(HERE + 2)]
    assert [api("nobody").status_code for _ in range(HERE + 2)] == somebody


def test_a_right_password_is_never_counted(guessed):
    assert {api("guessed", RIGHT).status_code for _ in range(25)} == {200}
    assert {page("guessed", RIGHT).status_code for _ in range(25)} == {302}


def guess_from_everywhere(name, times):
    return [api(name, REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(times)]


def test_guesses_from_many_addresses_are_slowed(settings, guessed):
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "account": [Rate(20, 900)]}
    assert guess_from_everywhere("guessed", 30) == [401] * 20 + [429] * 10
    assert api("guessed", RIGHT, REMOTE_ADDR="203.0.113.200").status_code == 429


def test_they_do_not_lock_out_the_owner_where_the_owner_has_been(guessed):
    assert page("guessed", RIGHT, REMOTE_ADDR="192.0.2.1").status_code == 302
    guess_from_everywhere("guessed", 30)
    assert page("guessed", RIGHT, REMOTE_ADDR="192.0.2.1").status_code == 302
    assert api("guessed", RIGHT, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_nor_one_who_sets_a_new_password_by_mail(client, guessed, mailoutbox):
    guess_from_everywhere("guessed", 30)
    for _ in range(HERE + 1):
        api("guessed", REMOTE_ADDR="192.0.2.1")
    client.post(reverse("account_reset_password"), {"email": guessed.email})
    link = re.search(r"http://testserver(/\S+)", mailoutbox[0].body)[1]
    form = client.get(link, follow=True, REMOTE_ADDR="192.0.2.1").redirect_chain[-1][0]
    new = "another-sentence-8"
    client.post(form, {"password1": new, "password2": new}, REMOTE_ADDR="192.0.2.1")
    assert api("guessed", new, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_signing_in_again_for_a_careful_step_counts_too(client, guessed):
    client.force_login(guessed)
    answers = [
        client.post(reverse("account_reauthenticate"), {"password": WRONG}).status_code
        for _ in range(HERE + 1)
    ]
    assert answers[-1] == 429


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_cannot_outrun_the_count(guessed):
    answers = run_together([lambda: api("guessed").status_code] * 12)
    assert sorted(answers) == [401] * HERE + [429] * (12 - HERE)


def test_sign_ups_are_counted_by_true_address(settings):
    settings.TRUSTED_PROXIES, settings.SIGN_UP_LIMIT = 1, [Rate(3, 3600)]

    def sign_up(n, address):
        form = {**NEW, "username": f"new{n}", "email": f"new{n}@example.com"}
        headers = {"HTTP_X_FORWARDED_FOR": f"198.51.100.{n}, {address}"}
        return Client().post(reverse("account_signup"), form, **headers)

    answers = [sign_up(n, "203.0.113.1") for n in range(5)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    assert 3500 < int(answers[-1]["Retry-After"]) <= 3600
    assert "Try again in 60 minutes." in answers[-1].content.decode()
    assert sign_up(9, "203.0.113.2").status_code == 302
    assert User.objects.filter(username__startswith="new").count() == 4


def test_many_who_sign_in_rightly_from_one_address_are_let_in():
    """A class behind one router: 30 a minute were the limit."""
    people = UserFactory.create_batch(40)
    assert {page(person.username, RIGHT).status_code for person in people} == {302}


def test_an_account_has_few_addresses_and_mails_few_people(client, guessed):
    """Each address that is added gets a mail, whoever it belongs to."""
    client.force_login(guessed)
    confirm(client)
    for n in range(7):
        client.post(
            reverse("account_email"), {"email": f"somebody{n}@example.com", "action_add": ""}
        )
    assert EmailAddress.objects.filter(user=guessed).count() == 5
    daily = app_settings.RATE_LIMITS["manage_email"]
    assert [rate.amount for rate in parse_rates(daily) if rate.duration == 86400] == [30]


def test_one_address_is_sent_few_resets_an_hour(guessed, mailoutbox, monkeypatch):
    begun = time.time()
    for n in range(8):
        later = SimpleNamespace(time=lambda n=n: begun + 120 * n, monotonic=time.monotonic)
        monkeypatch.setattr("allauth.core.internal.ratelimit.time", later)
        Client().post(reverse("account_reset_password"), {"email": guessed.email})
    assert len(mailoutbox) == 5


def test_what_allauth_counts_by_itself_is_answered_in_our_shape(client, guessed):
    for _ in range(25):
        answer = client.post(reverse("account_reset_password"), {"email": guessed.email})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert b"Too many attempts." in answer.content


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_right_sign_ins_of_one_account_are_bounded_too(settings, guessed, entrance):
    """Each costs a password hash; a program that signs in for every call keeps its token."""
    settings.SIGN_IN_LIMITS = {**configured.SIGN_IN_LIMITS, "succeeded": (Rate(3, 3600),)}
    enter, welcome = ENTRANCES[entrance]
    other = UserFactory(username="other", email="other@example.com")
    assert [enter("guessed", RIGHT).status_code for _ in range(4)] == [welcome] * 3 + [429]
    refused = api("guessed@example.com", RIGHT)  # by any name of the account, at any entrance
    assert refused.status_code == 429 and 0 < int(refused["Retry-After"]) <= 3600
    assert enter(other.username, RIGHT).status_code == welcome


def test_wrong_passwords_use_up_none_of_the_right_ones(settings, guessed):
    settings.SIGN_IN_LIMITS = {**configured.SIGN_IN_LIMITS, "succeeded": (Rate(1, 3600),)}
    assert [api("guessed").status_code for _ in range(3)] == [401] * 3
    assert api("guessed", RIGHT).status_code == 200
