"""The board: drawn by mouse, kept, shown in full, and never in the way of the words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from practice.models import WhiteboardRevision
from practice.scene_reader import read_board
from tests.browser.conftest import watch
from tests.browser.waiting import wait_for
from tests.browser.workspace import (
    BOARD,
    board_ready,
    board_scene,
    board_state,
    boxes_of,
    check_workspace,
    draw_a_box,
    offline,
    opened,
    state,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_drawing_is_there_again_after_a_reload(page, sign_in, session, address):
    sign_in(page, session.user)
    opened(page, address)
    draw_a_box(page)
    expect(board_state(page)).to_have_text("Saved", timeout=15_000)
    scene = board_scene(session)
    box = next(e for e in scene["elements"] if e["type"] == "rectangle")
    frame = next(e for e in scene["elements"] if e["id"] == box["frameId"])
    assert frame["name"] == "1. Question 1"

    opened(page, address)

    expect(page.locator("[data-whiteboard][data-ready]")).to_be_visible(timeout=20_000)
    draw_a_box(page, shift=200)
    wait_for(lambda: len(boxes_of(board_scene(session))) == 2, page)
    kept = [e for e in boxes_of(board_scene(session)) if e["id"] == box["id"]]
    assert kept and (kept[0]["x"], kept[0]["width"]) == (box["x"], box["width"])


def test_a_dot_leads_to_its_question_and_brings_its_frame_into_view(
    page, sign_in, session, address
):
    sign_in(page, session.user)
    opened(page, address)
    board_ready(page)

    page.locator(".panes .dot").nth(2).click()

    expect(page).to_have_url(re.compile("/questions/3$"))
    draw_a_box(page)  # in the middle of what is in view
    expect(board_state(page)).to_have_text("Saved", timeout=15_000)
    scene = board_scene(session)
    frames = {e["id"]: e["name"] for e in scene["elements"] if e["type"] == "frame"}
    assert [frames[box["frameId"]] for box in boxes_of(scene)] == ["3. Question 3"]


def test_without_the_board_the_words_still_work(page, sign_in, session, address):
    sign_in(page, session.user)
    page.route(BOARD, offline)
    answer = opened(page, address)

    expect(page.get_by_text("The board could not be loaded")).to_be_visible()
    answer.fill("Words only.")
    expect(state(page)).to_have_text("Saved")
    page.unroute(BOARD)
    page.get_by_role("button", name="Load the board again").click()
    expect(page.locator("[data-whiteboard][data-ready]")).to_be_visible(timeout=20_000)


def two_people_draw(page: Page, other: Page, session, address) -> None:
    """Both open the empty board; the other draws one box first, this page two of its own."""
    for one in (page, other):
        opened(one, address)
        board_ready(one)
    page.route(BOARD, offline)
    draw_a_box(page, shift=-120)
    draw_a_box(page, shift=60)
    expect(board_state(page)).to_contain_text("Offline")
    draw_a_box(other)
    expect(board_state(other)).to_have_text("Saved", timeout=15_000)
    assert len(boxes_of(board_scene(session))) == 1
    page.unroute(BOARD)
    page.evaluate("window.dispatchEvent(new Event('online'))")


@pytest.fixture
def other(new_context, problems, sign_in, session):
    """Another browser of the same person: nothing is shared but the server."""
    made: BrowserContext = new_context()
    page = made.new_page()
    watch(page, problems)
    sign_in(page, session.user)
    return page


def conflict_dialog(page: Page):
    dialog = page.get_by_role("dialog", name="Two versions of this board")
    expect(dialog).to_be_visible(timeout=20_000)
    expect(dialog.get_by_role("img")).to_have_count(2)
    for picture in dialog.get_by_role("img").all():
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 50
    return dialog


def test_a_board_changed_in_two_places_shows_both_and_keeps_both(
    page, other, sign_in, session, address
):
    sign_in(page, session.user)
    two_people_draw(page, other, session, address)

    dialog = conflict_dialog(page)
    check_workspace(page)
    expect(dialog.get_by_role("img").first).to_have_attribute("alt", "The other board: 1 part")
    expect(dialog.get_by_role("img").last).to_have_attribute("alt", "Your board: 2 parts")
    dialog.get_by_role("button", name="Keep both").click()

    wait_for(lambda: len(boxes_of(board_scene(session))) == 3, page)
    scene = board_scene(session)
    frames = {e["id"]: e["name"] for e in scene["elements"] if e["type"] == "frame"}
    where = [frames[box["frameId"]] for box in boxes_of(scene)]
    assert sorted(where) == ["1. Question 1", "1. Question 1", "Other version of 1. Question 1"]
    question = session.practices.get(order=1).question_id
    reading = read_board(scene, question_id=question, order=1)
    assert len(reading.diagram.boxes) == 2  # feedback sees what was kept as mine
    assert WhiteboardRevision.objects.filter(conflict=True).count() == 1


def test_the_other_board_can_be_taken_and_mine_stays_among_the_versions(
    page, other, sign_in, session, address
):
    sign_in(page, session.user)
    two_people_draw(page, other, session, address)
    theirs = boxes_of(board_scene(session))[0]["id"]

    conflict_dialog(page).get_by_role("button", name="Take theirs").click()

    expect(board_state(page)).to_have_text("Saved", timeout=15_000)
    wait_for(lambda: [box["id"] for box in boxes_of(board_scene(session))] == [theirs], page)
    assert any(len(boxes_of(r.scene)) == 2 for r in WhiteboardRevision.objects.all())


def test_mine_is_kept_when_the_dialog_is_closed(page, other, sign_in, session, address):
    sign_in(page, session.user)
    two_people_draw(page, other, session, address)

    conflict_dialog(page)
    page.keyboard.press("Escape")

    expect(board_state(page)).to_have_text("Saved", timeout=15_000)
    assert len(boxes_of(board_scene(session))) == 2


def test_full_screen_and_back_keep_the_frame_in_view(page, sign_in, session, address):
    sign_in(page, session.user)
    opened(page, address)
    board_ready(page)
    button = page.get_by_role("button", name="Full screen")
    zoom = page.locator(".reset-zoom-button")
    beside = zoom.inner_text()

    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(zoom).not_to_have_text(beside)
    assert int(zoom.inner_text().strip("%")) > int(beside.strip("%"))
    assert page.evaluate("document.fullscreenElement.id") == "pane-board"
    button.click()

    expect(button).to_have_attribute("aria-pressed", "false")
    expect(zoom).to_have_text(beside)
    draw_a_box(page)
    expect(board_state(page)).to_have_text("Saved", timeout=15_000)
    box = boxes_of(board_scene(session))[0]
    assert box["frameId"] == f"question-{session.practices.get(order=1).question_id}"


def test_the_board_follows_the_theme_of_the_page(page, sign_in, session, address):
    sign_in(page, session.user)
    page.emulate_media(color_scheme="dark")
    opened(page, address)
    board_ready(page)

    expect(page.locator(".excalidraw.theme--dark")).to_have_count(1)
    page.emulate_media(color_scheme="light")
    expect(page.locator(".excalidraw.theme--dark")).to_have_count(0)
