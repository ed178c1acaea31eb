"""The workspace as the browser tests of practice use it."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from practice.models import Practice, PracticeMain, Whiteboard
from tests.browser.waiting import drawn

DRAFTS = re.compile(r"/api/v1/practice-main/\d+/questions/\d+/draft$")
BOARD = re.compile(r"/api/v1/practice-main/\d+/whiteboard$")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL_RULES = {"runOnly": {"type": "tag", "values": [*WCAG, "best-practice"]}}


def opened(page: Page, address: str) -> Locator:
    """Open a question and wait for its script; the field of the answer."""
    page.goto(address)
    expect(page.locator(".workspace[data-ready]")).to_be_visible()
    return page.get_by_label("Your answer")


def state(page: Page) -> Locator:
    return page.locator("[data-save-state]")


def board_state(page: Page) -> Locator:
    return page.locator("[data-board-state]")


def board_ready(page: Page) -> None:
    expect(page.locator("[data-whiteboard][data-ready]")).to_be_visible(timeout=20_000)


def offline(route: Route) -> None:
    route.abort("internetdisconnected")


def practice_of(session: PracticeMain, order: int = 1) -> Practice:
    return Practice.objects.get(session_id=session.pk, order=order)


def kept_texts(practice: Practice) -> set[str]:
    practice.refresh_from_db()
    return {practice.answer_text, *practice.revisions.values_list("answer_text", flat=True)}


def draw_a_box(page: Page, shift: int = 0) -> None:
    """By mouse, into the frame of the question."""
    board_ready(page)
    box = page.locator(".excalidraw canvas.interactive").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x + 250, y + 100)
    page.keyboard.press("r")
    page.mouse.move(x - 40 + shift, y - 30)
    page.mouse.down()
    page.mouse.move(x + 60 + shift, y + 40, steps=6)
    page.mouse.up()


def board_scene(session: PracticeMain) -> dict[str, Any]:
    return Whiteboard.objects.get(session_id=session.pk).scene


def boxes_of(scene: dict[str, Any]) -> list[dict[str, Any]]:
    return [e for e in scene["elements"] if e["type"] == "rectangle"]


def check_workspace(page: Page) -> None:
    """axe over everything, Excalidraw too. Only the dots are left out, only of target-size: the
    list beside them offers the same at full size (WCAG 2.5.8, "Equivalent")."""
    all_but_size = {**ALL_RULES, "rules": {"target-size": {"enabled": False}}}
    size = {"runOnly": {"type": "rule", "values": ["target-size"]}}
    for options, context in ((all_but_size, None), (size, {"exclude": [[".panes .dots"]]})):
        _check(page, options, context)


def check_page(page: Page) -> None:
    """axe over the whole page, best practice too."""
    _check(page, ALL_RULES)


def _check(page: Page, options: dict[str, Any], context: dict[str, Any] | None = None) -> None:
    drawn(page)
    found = Axe().run(page, options=options, context=context)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
