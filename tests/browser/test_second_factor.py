"""Second factors and signed-in devices, walked in a real browser under the strict policy."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import ApiToken, User
from tests.accounts.steps import PASSWORD, code_now
from tests.browser.conftest import watch
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def enter(page: Page, user: User, *, forget: bool = True) -> None:
    """Sign in by the form, as on a device that nobody signed in on."""
    if forget:
        page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_label("Username or email").fill(user.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.timeout(600)
def test_staff_set_up_an_app_and_sign_in_with_its_codes(
    page: Page, settings: Any, looks_good: Any, shots: Any
) -> None:
    settings.MFA_REQUIRED_OF_STAFF = True
    user = UserFactory(admin=True, username="staff")
    enter(page, user)
    expect(page.get_by_role("heading", level=1)).to_contain_text("staff")

    page.goto("/admin/")
    expect(page.get_by_text("Staff accounts need a second factor.")).to_be_visible()
    looks_good(page)
    shots(page, "second-factor")
    page.get_by_role("link", name="Set up").click()
    expect(page.get_by_role("heading", name="Confirm it’s you")).to_be_visible()
    shots(page, "is-it-you")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    looks_good(page)
    shots(page, "set-up-app")
    page.get_by_text("No camera?").click()
    secret = page.locator(".token-text").inner_text()
    page.get_by_label("Code that the app shows").fill(code_now(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    looks_good(page)
    shots(page, "recovery-codes")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.goto("/admin/accounts/user/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Users")

    enter(page, user)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    looks_good(page)
    shots(page, "enter-code")
    page.get_by_label("Code of your app").fill(code_now(secret))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("staff")

    enter(page, user)
    page.get_by_label("Code of your app").fill(codes[3])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("staff")

    page.goto(reverse("usersessions_list"))
    expect(page.locator(".list-row")).to_have_count(3)
    looks_good(page)
    shots(page, "devices")
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.get_by_role("button", name="Sign out everywhere else").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere else").click()
    expect(page.locator(".list-row")).to_have_count(1)
    assert UserSession.objects.filter(user=user).count() == 1


def test_a_stolen_cookie_makes_no_token(page: Page, new_context: Any, problems: list[str]) -> None:
    user = UserFactory(username="owner")
    enter(page, user)
    expect(page.get_by_role("heading", level=1)).to_contain_text("owner")
    thief = new_context()
    thief.add_cookies(page.context.cookies())
    other = thief.new_page()
    watch(other, problems)
    other.goto("/account")
    other.get_by_label("What is it for").fill("mine")
    other.get_by_role("button", name="Create token").click()
    expect(other.get_by_role("heading", name="Confirm it’s you")).to_be_visible()
    other.get_by_label("Password").fill("a guess of a thief")
    other.get_by_role("button", name="Continue").click()
    expect(other.get_by_text("Incorrect password.")).to_be_visible()
    assert not ApiToken.objects.exists()

    # The owner knows it, and what was asked for goes on.
    page.goto("/account")
    page.get_by_label("What is it for").fill("notebook")
    page.get_by_role("button", name="Create token").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Copy it now")).to_be_visible()
    assert ApiToken.objects.count() == 1


def test_a_passkey_signs_in_alone(page: Page, settings: Any, looks_good: Any, shots: Any) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    chrome.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    enter(page, UserFactory(username="owner"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("owner")

    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name of this key").fill("My laptop")
    page.get_by_label("Sign in with it alone").check()
    looks_good(page)
    shots(page, "add-passkey")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert Authenticator.objects.filter(type="webauthn").count() == 1

    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    looks_good(page)
    shots(page, "sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("owner")
