"""A whole test with the keyboard alone, from the link to the thank-you page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.candidate.sitting import codes, expect_saved, stored, wait_until_ready
from tests.browser.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def tab_to(page: Page, name: str, *, role: str = "button", at_most: int = 40) -> None:
    """Press Tab until this control has the focus, as somebody without a mouse does."""
    wanted = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {name!r}")


def test_a_whole_test_without_a_mouse(page, link, candidate):
    page.goto(link)
    tab_to(page, "Start the test")
    page.keyboard.press("Enter")
    wait_until_ready(page)
    expect(page.get_by_text("Esc, then Tab leaves the editor")).to_be_visible()

    tab_to(page, "Language", role="combobox")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Language")).to_have_value("javascript")
    tab_to(page, "Your answer to", role="textbox")
    page.keyboard.press("Control+End")
    page.keyboard.type("// by hand")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # indents: the editor keeps the key
    page.keyboard.type("deeper")
    expect(page.locator(".cm-content")).to_be_focused()

    page.keyboard.press("Escape")
    tab_to(page, "Next question", at_most=3)
    page.keyboard.press("Enter")
    expect(page.locator("[data-position]")).to_have_text("Question 2 of 5")
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("[data-position]")).to_have_text("Question 1 of 5")
    expect_saved(page)
    (code,) = codes(candidate)
    assert code.endswith("// by hand\n    deeper")

    tab_to(page, "Finish test")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Finish the test?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Finish test")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    for _ in range(4):
        finish = dialog.get_by_role("button", name="Finish test")
        if finish.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you, Dana Demo")).to_be_visible()
    wait_for(lambda: stored(candidate).status == "completed", page)
