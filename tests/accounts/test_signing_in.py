"""Sign-up, sign-in and the way back to a forgotten password, through the pages and the mails."""

from __future__ import annotations

import re
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NEW = {
    "email": "new@example.com",
    "username": "new",
    "password1": "a-long-sentence-7",
    "password2": "a-long-sentence-7",
}


class DeadMail(EmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, messages):
        raise SMTPServerDisconnected("gone")


def test_a_new_account_is_free_signed_in_and_in_the_browsers_zone(client: Client) -> None:
    assert b"data-browser-zone" in client.get(reverse("account_signup")).content
    answer = client.post(reverse("account_signup"), {**NEW, "timezone": "Europe/Lisbon"})
    user = User.objects.get(username="new")
    assert answer.url == reverse("dashboard")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.timezone, user.subscription.plan) == ("Europe/Lisbon", "free")


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../etc"])
def test_a_zone_that_is_none_becomes_utc(client: Client, zone: str) -> None:
    client.post(reverse("account_signup"), {**NEW, "timezone": zone})
    assert User.objects.get(username="new").timezone == "UTC"


def test_a_refused_sign_up_says_what_to_mend_beside_the_field(client: Client) -> None:
    answer = client.post(reverse("account_signup"), {**NEW, "password2": "another"})
    page = answer.content.decode()
    assert not User.objects.filter(username="new").exists()
    assert 'id="id_password2-error"' in page
    assert 'aria-describedby="id_password2-error"' in page


@pytest.mark.parametrize("login", ["owner", "owner@example.com"])
def test_people_sign_in_by_username_or_address(client: Client, owner: User, login: str) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "Username or email" in page
    assert "placeholder" not in page
    answer = client.post(reverse("account_login"), {"login": login, "password": "secret-pass-1"})
    assert answer.url == reverse("dashboard")


def test_a_forgotten_password_is_set_anew_by_mail(client: Client, owner: User, mailoutbox) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": owner.email}, follow=True)
    assert b"Look into your mail" in answer.content
    mail = mailoutbox[0]
    assert (mail.subject, mail.to) == ("Set a new password", [owner.email])
    link = re.search(r"http://testserver(/\S+)", mail.body)
    assert link, mail.body

    form = client.get(link[1], follow=True)
    assert b"Choose a new password" in form.content
    address = form.redirect_chain[-1][0]
    words = {"password1": "another-sentence-8", "password2": "another-sentence-8"}
    done = client.post(address, words, follow=True)
    assert b"Your password is changed" in done.content
    owner.refresh_from_db()
    assert owner.check_password("another-sentence-8")

    again = Client().get(link[1], follow=True)
    assert b"This link no longer works" in again.content


def test_an_unknown_address_is_answered_alike(client: Client, mailoutbox) -> None:
    answer = client.post(
        reverse("account_reset_password"), {"email": "who@example.com"}, follow=True
    )
    assert b"Look into your mail" in answer.content
    assert mailoutbox[0].subject == "There is no account with this address"


@override_settings(EMAIL_BACKEND="tests.accounts.test_signing_in.DeadMail")
def test_a_dead_mail_server_stops_no_sign_up_and_hides_nothing(client: Client) -> None:
    assert client.post(reverse("account_signup"), NEW).status_code == 302
    assert User.objects.filter(username="new").exists()
    answer = Client().post(reverse("account_reset_password"), {"email": NEW["email"]})
    assert answer.status_code == 503
    assert b"The mail could not be sent." in answer.content


def test_a_stale_form_is_told_in_words() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("account_login"), {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert b"This form is no longer valid." in answer.content


def test_signing_out_leads_to_the_start_page(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.post(reverse("account_logout")).url == reverse("landing")
    assert client.get(reverse("dashboard")).status_code == 302


@override_settings(ACCOUNT_EMAIL_VERIFICATION="mandatory")
def test_with_confirmed_addresses_sign_up_tells_nobody_which_are_taken(
    client: Client, mailoutbox
) -> None:
    UserFactory(email="taken@example.com")
    pages = []
    for name, address in (("one", "free@example.com"), ("two", "taken@example.com")):
        form = {**NEW, "username": name, "email": address}
        answer = Client().post(reverse("account_signup"), form, follow=True)
        words = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
        pages.append((answer.redirect_chain, words.replace(address, "it")))

    assert pages[0] == pages[1] and "Look into your mail" in pages[0][1]
    assert [mail.to for mail in mailoutbox] == [["free@example.com"], ["taken@example.com"]]
    assert "has one already" in mailoutbox[1].body
    assert not User.objects.filter(username="two").exists()


def test_where_sign_up_signs_in_at_once_a_taken_address_is_said_beside_the_field(
    client: Client,
) -> None:
    UserFactory(email="taken@example.com")
    page = client.post(reverse("account_signup"), {**NEW, "email": "taken@example.com"})
    assert 'id="id_email-error"' in page.content.decode()
