"""Second factors: of pages, of the API, required of staff."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import AuditEntry, User
from accounts.services.tokens import issue_token
from common.limits import Rate
from tests.accounts.steps import PASSWORD, SECRET, code_now, confirm, give_app
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def api_sign_in(**body: str):
    return APIClient().post("/api/auth/token", body, format="json")


def page_sign_in(client: Client, user: User):
    return client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})


def test_the_password_alone_opens_no_page(client: Client, owner: User) -> None:
    give_app(owner)
    assert page_sign_in(client, owner).url == reverse("mfa_authenticate")
    assert client.get("/account").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": code_now()}).status_code == 302
    assert client.get("/account").status_code == 200


def test_a_recovery_code_signs_in_once(owner: User) -> None:
    code = give_app(owner)[0]
    for opens in (200, 302):
        browser = Client()
        page_sign_in(browser, owner)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert browser.get("/account").status_code == opens


def test_the_api_asks_for_the_code_too(owner: User) -> None:
    codes = give_app(owner)
    sent = {"username": "owner", "password": PASSWORD}

    bare = api_sign_in(**sent)
    assert (bare.status_code, bare.json()["code"]) == (401, "otp_required")
    assert bare["WWW-Authenticate"] == "Bearer"
    wrong = api_sign_in(**sent, otp="000000")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_otp")

    code = code_now()
    assert api_sign_in(**sent, otp=code).status_code == 200
    assert api_sign_in(**sent, otp=code).status_code == 401  # each works once
    assert api_sign_in(**sent, otp=codes[0]).status_code == 200
    assert api_sign_in(**sent, otp=codes[0]).status_code == 401


def test_a_wrong_password_learns_nothing_of_the_factor(owner: User) -> None:
    give_app(owner)
    answer = api_sign_in(username="owner", password="wrong", otp=code_now())
    assert answer.json()["code"] == "wrong_credentials"


def test_codes_are_counted_as_guesses(owner: User) -> None:
    give_app(owner)
    codes = [
        api_sign_in(username="owner", password=PASSWORD, otp=f"{n:06}").status_code
        for n in range(6)
    ]
    assert codes == [401] * 5 + [429]


def test_guesses_at_codes_from_many_addresses_are_counted_with_those_of_the_page(
    owner: User,
) -> None:
    """With a known password, 150 codes from 30 addresses: all were looked at, none recorded."""
    give_app(owner)
    sent = {"username": "owner", "password": PASSWORD}
    page = Client(REMOTE_ADDR="203.0.113.1")
    page_sign_in(page, owner)
    page.post(reverse("mfa_authenticate"), {"code": "000000"})
    told = [
        APIClient(REMOTE_ADDR=f"203.0.113.{n}").post("/api/auth/token", {**sent, "otp": f"{n:06}"})
        for n in range(2, 9)
    ]

    assert [answer.status_code for answer in told] == [401] * 4 + [429] * 3
    assert told[-1].json()["code"] == "throttled"
    assert page.post(reverse("mfa_authenticate"), {"code": code_now()}).status_code == 429
    failed = AuditEntry.objects.filter(action="mfa.failed")
    assert {entry.subject_name for entry in failed} == {"owner"} and len(failed) == 5


def test_a_password_alone_makes_no_address_known(settings, owner: User) -> None:
    """From there guesses at the password would be counted by address alone."""
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "account": [Rate(3, 900)]}
    give_app(owner)

    def try_from(number: int, password: str, **otp: str) -> int:
        sent = {"username": "owner", "password": password, **otp}
        client = APIClient(REMOTE_ADDR=f"203.0.113.{number}")
        return client.post("/api/auth/token", sent).status_code

    assert try_from(1, PASSWORD, otp="000000") == try_from(2, PASSWORD) == 401
    page_sign_in(Client(REMOTE_ADDR="203.0.113.3"), owner)
    assert try_from(4, PASSWORD, otp=code_now()) == 200
    assert [try_from(number, "wrong") for number in (1, 2, 3, 1)] == [401] * 3 + [429]
    assert try_from(4, "wrong") == 401


def test_keys_are_stored_encrypted(owner: User, settings) -> None:
    give_app(owner)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-key-that-is-long-enough-for-it"
    app = Authenticator.objects.get(type="totp").wrap()
    assert app.validate_code(code_now())
    settings.SECRET_KEY_FALLBACKS = []
    assert not Authenticator.objects.get(type="totp").wrap().validate_code(code_now())


@pytest.fixture
def required(settings) -> None:
    settings.MFA_REQUIRED_OF_STAFF = True


@pytest.mark.parametrize("traits", [{"admin": True}, {"staff": True}, {"is_superuser": True}])
def test_staff_are_led_to_the_set_up_until_it_is_done(required, client: Client, traits) -> None:
    user = UserFactory(**traits)
    client.force_login(user)
    assert client.get("/admin/").url == reverse("mfa_index")
    assert client.get("/admin/accounts/user/").url == reverse("mfa_index")
    assert (
        "Staff accounts need a second factor" in client.get(reverse("mfa_index")).content.decode()
    )
    assert client.get("/practice").status_code == 200
    give_app(user)
    assert client.get("/admin/").status_code == (200 if user.is_staff else 302)


def test_staff_without_it_have_no_permission_anywhere(required) -> None:
    user = UserFactory(admin=True)
    assert not user.has_perm("accounts.view_user")
    assert not user.has_module_perms("accounts")
    give_app(user)
    assert User.objects.get(pk=user.pk).has_perm("accounts.view_user")


def test_the_api_says_why_staff_are_refused(required, api_for) -> None:
    user = UserFactory(admin=True)
    api = api_for(user)
    answer = api.get("/api/admin/diagnostics/practice")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_required")
    assert api.get("/api/auth/me").status_code == 200
    give_app(user)
    assert api.get("/api/admin/diagnostics/practice").status_code == 200


def test_learners_need_none(required, client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.get("/account").status_code == 200


def test_staff_do_not_remove_their_last_factor(required, client: Client) -> None:
    user = UserFactory(admin=True)
    give_app(user)
    client.force_login(user)
    confirm(client)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.status_code == 200 and "keep a second factor" in answer.content.decode()
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_nobody_turns_it_on_before_the_address_is_confirmed(client: Client, owner: User) -> None:
    owner.emailaddress_set.create(email=owner.email, primary=True)
    client.force_login(owner)
    confirm(client)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    page = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert "Confirm your main address first" in page.content.decode()
    owner.emailaddress_set.update(verified=True)
    done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")


def test_the_console_shows_no_secret_and_only_superusers_remove_a_factor(
    client: Client, staff: User, owner: User
) -> None:
    give_app(owner)
    factor = Authenticator.objects.get(type="totp")
    client.force_login(staff)
    page = client.get(reverse("admin:mfa_authenticator_change", args=[factor.pk]))
    assert page.status_code == 200 and factor.data["secret"] not in page.content.decode()
    client.post(reverse("admin:mfa_authenticator_delete", args=[factor.pk]), {"post": "yes"})
    assert not Authenticator.objects.filter(pk=factor.pk).exists()


def test_a_token_from_before_the_factor_opens_the_api_of_learners(owner: User) -> None:
    _, text = issue_token(user=owner)
    give_app(owner)
    me = Client().get("/api/auth/me", headers={"authorization": f"Bearer {text}"})
    assert me.status_code == 200
