"""The whole way without a mouse: sign in, find a set, answer, open the board, finish, review, history."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.workspace import board_ready, state
from tests.factories import UserFactory
from tests.practice.factories import ANSWER, make_set

pytestmark = pytest.mark.django_db(transaction=True)


def reach(page: Page, wanted: Locator, *, most: int = 60, key: str = "Tab") -> None:
    """Press Tab until `wanted` has the focus, and see that the focus shows."""
    expect(wanted).to_be_visible()
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached by {key}")


def press(page: Page, wanted: Locator, **options) -> None:
    reach(page, wanted, **options)
    page.keyboard.press("Enter")


def at(page: Page, order: int) -> None:
    """Wait until the page of a question is there with its script."""
    expect(page).to_have_url(re.compile(f"/questions/{order}$"))
    expect(page.locator(".workspace[data-ready]")).to_be_visible()


def test_from_sign_in_to_history_by_keyboard_alone(page, worker):
    learner = UserFactory(username="kim", plan="premium")
    make_set(2, title="Design a store")

    page.goto("/accounts/login/")
    reach(page, page.get_by_label("Username or e-mail").or_(page.locator("[name=login]")).first)
    page.keyboard.type("kim")
    reach(page, page.locator("[name=password]"))
    page.keyboard.type("secret-pass-1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/dashboard$"))

    press(page, page.get_by_role("link", name="Practice", exact=True).first)
    expect(page).to_have_url(re.compile("/practice$"))
    reach(page, page.get_by_label("Search", exact=True))
    page.keyboard.type("store")
    expect(page).to_have_url(re.compile("search=store"))
    press(page, page.get_by_role("link", name="Design a store"))
    press(page, page.get_by_role("button", name="Start"))

    at(page, 1)
    answer_and_see_the_board(page)

    reach(page, page.get_by_role("button", name="Next Question"), key="Shift+Tab", most=80)
    page.keyboard.press("Enter")
    at(page, 2)
    page.keyboard.press("Alt+ArrowLeft")
    at(page, 1)
    press(page, page.get_by_label("Question 1 of 2, show all"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    at(page, 2)
    reach(page, page.get_by_label("Your answer"))
    page.keyboard.type("A last line.")
    expect(state(page)).to_have_text("Saved")
    press(page, page.get_by_role("button", name="Complete and Review"))
    asked = page.get_by_role("dialog", name="Complete this set?")
    press(page, asked.get_by_role("button", name="Complete and Review"))

    expect(page).to_have_url(re.compile("/review$"))
    fold = page.locator("#question-1 > summary")
    press(page, fold)
    expect(page.locator("#question-1")).to_have_attribute("open", "")
    expect(page.get_by_text("Latest feedback: try 1")).to_be_visible()
    reach(page, page.get_by_role("link", name="Practice another"))
    press(page, page.get_by_role("link", name="History").first, key="Shift+Tab", most=120)
    expect(page.get_by_role("link", name="Design a store")).to_be_visible()
    kept = learner.practicemainhistory_rows.get().practices.order_by("order")
    assert [practice.answer_text for practice in kept] == [ANSWER, "A last line."]


def answer_and_see_the_board(page: Page) -> None:
    """Feedback by Ctrl+Enter; the keys of the page; the board in full and back."""
    reach(page, page.locator(".panes .dot").first)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    reach(page, page.get_by_label("Your answer"))
    page.keyboard.type(ANSWER)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-feedback][data-state=succeeded]")).to_have_count(1, timeout=20_000)
    expect(page.locator(".panes .dot").first).to_have_attribute("data-state", "done")

    board_ready(page)
    full = page.get_by_role("button", name="Full screen")
    reach(page, full, most=120)
    page.keyboard.press("Enter")
    expect(full).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")  # into the board's own tools, and out again
    assert page.evaluate("document.activeElement.closest('.excalidraw') !== null")
    reach(page, full, key="Shift+Tab", most=120)
    page.keyboard.press("Enter")
    expect(full).to_have_attribute("aria-pressed", "false")
