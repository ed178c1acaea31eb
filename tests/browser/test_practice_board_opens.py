"""What the server takes as a board, the editor opens; and a question's frame cannot be deleted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from common.clock import now
from practice.models import WhiteboardRevision
from practice.services.whiteboards import save_whiteboard
from tests.browser.waiting import wait_for
from tests.browser.workspace import (
    board_ready,
    board_scene,
    board_state,
    boxes_of,
    draw_a_box,
    opened,
)

pytestmark = pytest.mark.django_db(transaction=True)

BOX = {"id": "good", "type": "rectangle", "x": 100, "y": 100, "width": 90, "height": 50}
STRANGE = [
    None,
    "text",
    {},
    {**BOX, "id": "kind", "type": "hologram"},
    {**BOX, "id": "place", "x": "left"},
    {**BOX, "id": "far", "x": 1e15},
    {**BOX, "id": "line", "type": "line", "points": [[0, 0], [None, 4]]},
    {**BOX, "id": "arrow", "type": "arrow", "points": "none"},
    {**BOX, "id": "hand", "type": "freedraw"},
    {**BOX, "id": "words", "type": "text", "text": {"a": 1}},
]
ODD = [
    {**BOX, "id": "order", "index": "!!"},
    {**BOX, "id": "bound", "boundElements": [{"id": 5}], "groupIds": "one", "x": 300},
    {**BOX, "id": "paint", "strokeColor": {}, "opacity": "half", "roundness": 3, "y": 300},
    {**BOX, "id": "held", "type": "arrow", "points": [[0, 0], [50, 0]], "startBinding": 7},
    {**BOX, "id": "picture", "type": "image", "fileId": "gone", "x": 500},
    {**BOX, "id": "lonely", "type": "text", "text": "in nothing", "containerId": "gone"},
]


@pytest.fixture
def saved(session):
    def save(elements, **more):
        scene = {"type": "excalidraw", "version": 2, "elements": elements, **more}
        about = {"user": session.user, "session_id": session.pk, "base_version": 0}
        save_whiteboard(**about, scene=scene, now=now())

    return save


def add_box(page: Page, label: str) -> None:
    page.locator("[data-board-add] > summary").click()
    page.get_by_label("Label").fill(label)
    page.get_by_role("button", name="Add box").click()
    expect(page.get_by_text(f"Added “{label}”.")).to_be_visible()


@pytest.mark.parametrize("strange", [*STRANGE, STRANGE], ids=lambda one: str(one)[:40])
def test_what_cannot_be_opened_is_left_out_and_said(
    page, sign_in, session, address, saved, strange, problems
):
    parts = strange if isinstance(strange, list) else [strange]
    saved([BOX, *parts, *ODD], files={"f": None, "g": {"dataURL": 5}})
    sign_in(page, session.user)
    opened(page, address)
    board_ready(page)

    how_many = "One part" if len(parts) == 1 else f"{len(parts)} parts"
    expect(page.get_by_text(f"{how_many} of this board cannot be opened")).to_be_visible()
    expect(page.get_by_text("Loading scene")).to_have_count(0)
    assert len(board_scene(session)["elements"]) == 1 + len(parts) + len(ODD)  # not yet changed

    add_box(page, "Drawn since")
    wait_for(WhiteboardRevision.objects.exists, page)
    assert len(boxes_of(board_scene(session))) == 5
    assert WhiteboardRevision.objects.get().scene["elements"][1] == parts[0]
    problems.clear()


def test_whatever_is_deleted_the_frame_of_the_question_stays(page, sign_in, session, address):
    sign_in(page, session.user)
    opened(page, address)
    draw_a_box(page)
    expect(board_state(page)).to_have_text("Saved")

    page.keyboard.press("Escape")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")

    wait_for(lambda: not boxes_of(board_scene(session)), page)
    frames = [e for e in board_scene(session)["elements"] if e["type"] == "frame"]
    assert len(frames) == 3 and not any(frame["isDeleted"] for frame in frames)
    add_box(page, "After all")
    expect(board_state(page)).to_have_text("Saved")
    wait_for(lambda: len(boxes_of(board_scene(session))) == 1, page)
    (box,) = boxes_of(board_scene(session))
    assert box["frameId"] == f"question-{session.practices.get(order=1).question_id}"
