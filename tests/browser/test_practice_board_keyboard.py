"""The board without a pointer: boxes, texts and arrows by their words; its heading on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from practice.scene_reader import read_board
from tests.browser.workspace import (
    board_ready,
    board_scene,
    board_state,
    boxes_of,
    check_workspace,
    opened,
)
from tests.practice.factories import address_of

pytestmark = pytest.mark.django_db(transaction=True)


def open_menu(page: Page) -> None:
    page.locator("[data-board-add] > summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Label")).to_be_focused()


def test_boxes_arrows_and_texts_come_by_keyboard_alone(page, sign_in, session):
    sign_in(page, session.user)
    opened(page, address_of(session))
    board_ready(page)

    open_menu(page)
    page.keyboard.type("Client")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Added “Client”.")).to_be_visible()
    expect(page.get_by_label("Label")).to_be_focused()
    page.keyboard.type("Load balancer")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Added “Load balancer”, with an arrow from “Client”.")).to_be_visible()
    page.keyboard.type("10,000 requests a second")
    page.get_by_role("button", name="Add as text only").press("Enter")
    expect(page.get_by_text("Added “10,000 requests a second”.")).to_be_visible()
    check_workspace(page)
    expect(board_state(page)).to_have_text("Saved", timeout=15_000)
    page.keyboard.press("Escape")
    expect(page.get_by_label("Label")).to_be_hidden()

    first = session.practices.get(order=1)
    read = read_board(board_scene(session), question_id=first.question_id, order=1)
    assert read is not None and not read.remarks
    assert read.diagram.boxes == ("Client", "Load balancer")
    assert [(a.source, a.target) for a in read.diagram.arrows] == [("Client", "Load balancer")]
    assert read.diagram.notes == ("10,000 requests a second",)
    first, second = boxes_of(board_scene(session))
    assert first["frameId"] == second["frameId"] and first["x"] + first["width"] < second["x"]


def test_a_box_can_be_taken_back_and_goes_to_a_free_place(page, sign_in, session):
    sign_in(page, session.user)
    opened(page, address_of(session))
    board_ready(page)
    open_menu(page)
    for label in ("One", "Two"):
        page.get_by_label("Label").fill(label)
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"Added “{label}”.")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Undo").press("Enter")

    expect(board_state(page)).to_have_text("Saved", timeout=15_000)
    open_menu(page)
    expect(page.get_by_label("Arrow from").locator("option")).to_have_text(["No arrow", "One"])


def test_on_a_phone_the_board_has_a_first_heading(page, sign_in, session):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, session.user)
    opened(page, address_of(session))
    page.get_by_role("tab", name="Board").click()
    board_ready(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Board: 1 Question 1")
    open_menu(page)
    check_workspace(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("tab", name="Question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 · Question 1")
