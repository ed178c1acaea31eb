"""Signing up, the account page and the dashboard, in a browser: the zone, axe, one theme for all."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.accounts.steps import PASSWORD
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "timezone_id": "Europe/Lisbon"}


def test_a_new_account_follows_the_browsers_zone(page: Page, check_axe: Any) -> None:
    page.goto(reverse("account_signup"))
    page.get_by_label("Email").fill("new@example.com")
    page.get_by_label("Username").fill("new")
    page.get_by_label("Password", exact=True).fill("12345678")
    page.get_by_label("Password, once more").fill("12345678")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("This password is entirely numeric.")).to_be_visible()
    check_axe(page)

    page.get_by_label("Password", exact=True).fill("a-long-sentence-7")
    page.get_by_label("Password, once more").fill("a-long-sentence-7")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("new")
    assert User.objects.get(username="new").timezone == "Europe/Lisbon"


@pytest.mark.parametrize("path", ["/dashboard", "/account"])
def test_pages_of_an_account_pass_axe_in_four_looks(
    page: Page, sign_in: Any, check_axe: Any, path: str
) -> None:
    sign_in(page, UserFactory())
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(path)
            check_axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_revoking_a_token_asks_first(page: Page, sign_in: Any) -> None:
    sign_in(page, UserFactory())
    page.goto("/account")
    page.get_by_label("What is it for").fill("notebook")
    page.get_by_role("button", name="Create token").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Copy it now")).to_be_visible()
    expect(page.locator("html[data-ready]")).to_be_attached()  # before it, nothing asks
    page.get_by_role("button", name="Revoke notebook").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("notebook", exact=True)).to_be_visible()
    page.get_by_role("button", name="Revoke notebook").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The token no longer opens anything.")).to_be_visible()
