"""The frame in a real browser: theme, menus, dialogs, toasts, counts, panes, and axe in both themes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Page, Route, expect

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def guide(page: Page, sign_in: Any) -> Page:
    """The style guide, open for a signed-in person."""
    sign_in(page, UserFactory())
    with override_settings(DEBUG=True):
        page.goto("/styleguide")
        expect(page.locator("html[data-ready]")).to_be_attached()
        yield page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_passes_axe(guide: Page, check_axe: Any, scheme: str) -> None:
    """Without the dots, whose 12 px and 8 px are given: next and previous lead to the same pages."""
    guide.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    guide.locator(".dots").evaluate("dots => dots.remove()")
    check_axe(guide)


def test_pictures_of_every_component(guide: Page, shots: Any) -> None:
    shots(guide, "styleguide")
    guide.set_viewport_size({"width": 390, "height": 844})
    wide = guide.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def test_a_chosen_theme_is_there_at_once_and_after_a_reload(guide: Page) -> None:
    switch = guide.get_by_role("group", name="Theme").last
    with guide.expect_response("**/account/theme"):
        switch.get_by_role("button", name="Dark").click()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_account_menu_opens_and_closes_by_keyboard(guide: Page) -> None:
    summary = guide.get_by_label("Your account")
    summary.focus()
    guide.keyboard.press("Enter")
    expect(guide.get_by_role("link", name="Dashboard")).to_be_visible()
    guide.keyboard.press("Escape")
    expect(guide.get_by_role("link", name="Dashboard")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_first_tab_leads_past_the_bar(guide: Page) -> None:
    guide.keyboard.press("Tab")
    link = guide.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    guide.keyboard.press("Enter")
    expect(guide.locator("main")).to_be_focused()


def test_a_question_mark_shows_the_keys_but_not_while_typing(guide: Page) -> None:
    keys = guide.locator("#keys-help")
    guide.get_by_label("Title").first.press("?")
    expect(keys).to_be_hidden()
    guide.locator("h1").click()
    guide.keyboard.press("?")
    expect(keys).to_be_visible()
    guide.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_a_dialog_takes_the_focus_and_gives_it_back(guide: Page) -> None:
    opener = guide.get_by_role("button", name="Open a dialog")
    opener.click()
    dialog = guide.get_by_role("dialog", name="Finish this set?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Go on writing").click()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_timer_counts_by_the_servers_clock(guide: Page) -> None:
    states = guide.locator(".timer")
    expect(states.nth(0)).to_have_attribute("data-state", "calm")
    expect(states.nth(1)).to_have_attribute("data-state", "soon")
    expect(states.nth(2)).to_have_attribute("data-state", "last")
    expect(states.nth(3)).to_have_attribute("data-state", "over")


def test_a_failed_request_says_what_is_safe_and_offers_another_try(
    guide: Page, problems: list[str]
) -> None:
    keys: list[str] = []

    def fail(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key", ""))
        route.fulfill(status=500, body="")

    guide.route("**/nothing-here", fail)
    guide.evaluate(
        """() => {
            document.querySelector("main").insertAdjacentHTML("beforeend",
              '<button id="probe" class="button" hx-post="/nothing-here">Probe</button>');
            htmx.process(document.getElementById("probe"));
        }"""
    )
    guide.locator("#probe").click()
    toast = guide.locator(".toast").filter(has_text="What you saved is safe")
    with guide.expect_response("**/nothing-here"):
        toast.get_by_role("button", name="Try again").click()
    expect(guide.locator(".toast")).to_have_count(1)
    problems.clear()  # htmx names the 500 in the console
    # The same click repeated is the same request.
    assert len(keys) == 2
    assert keys[0] == keys[1] != ""
