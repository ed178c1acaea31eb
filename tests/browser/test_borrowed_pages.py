"""Pages whose markup is not ours, Swagger UI and Django's admin, pass axe with best practice too."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.workspace import check_page
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
ADMIN = ("/admin/", "/admin/accounts/user/", "/admin/accounts/limitgrant/add/",
         "/admin/auth/group/add/", "/admin/diagnostics/finding/")  # fmt: skip


@pytest.mark.parametrize("width", [1440, 390])
def test_the_api_docs(page: Page, problems: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/api/docs")
    operation = page.locator("#operations-Practice-v1_practice_main_create")
    operation.locator(".opblock-summary-control").press("Enter")
    expect(operation.get_by_role("heading", name="Responses")).to_be_visible()
    operation.get_by_role("button", name="Try it out").click()
    expect(operation.get_by_role("button", name="Execute")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", name="Available authorizations")).to_be_visible()
    assert problems == []
    check_page(page)
    problems.clear()  # axe sets styles of its own, and the policy refuses them


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_console(
    page: Page, sign_in: Any, staff: Any, problems: list[str], scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    sign_in(page, staff)
    somebody = UserFactory()
    change, remove = (
        reverse(f"admin:accounts_user_{name}", args=[somebody.pk]) for name in ("change", "delete")
    )
    for address in (*ADMIN, change, remove):
        page.goto(address)
        expect(page.locator("html[data-ready]")).to_be_attached()
        assert problems == []
        check_page(page)
        problems.clear()  # axe sets styles of its own on forms, and the policy refuses them
