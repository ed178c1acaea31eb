"""The practice room before the test, and an editor for an hour of work: one walk through both."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from judge.models import EngineReport
from judge.tasks import work
from sessions_app.proctoring.models import ProctoredSession, SessionRun, TrialRun
from tests.browser.candidate.sitting import codes, expect_saved, wait_until_ready
from tests.browser.waiting import wait_for
from tests.judge.running import needs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(400)]


def insert(page: Page, text: str) -> None:
    """One step for undo, however slow the machine is."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def choose(page: Page, *, keys: str = "", larger: int = 0) -> None:
    page.locator(".exam-preferences summary").click()
    if keys:
        page.get_by_label("Keys").select_option(keys)
    for _ in range(larger):
        page.get_by_role("button", name="Larger font").click()


def close_menu(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator(".exam-preferences .menu-panel")).to_be_hidden()


def font_size(page: Page) -> str:
    return page.locator(".cm-content").evaluate("element => getComputedStyle(element).fontSize")


def test_nothing_is_new_when_the_clock_runs(page, link, worker, looks_good, shots):
    needs("python")
    work.delay()
    wait_for(EngineReport.objects.filter(ok=True).exists, seconds=60)
    page.goto(link)
    page.get_by_role("link", name="Open the practice room").click()
    expect(page.locator("[data-trial][data-ready=yes]")).to_be_attached()
    last = page.get_by_role("region", name="Result of the last run")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(last).to_contain_text("1 of 2 samples passed")
    expect(last.locator("mark")).to_have_text(["9", "3"])

    for name, key in (("Width of the question", "ArrowLeft"), ("Height of the editor", "ArrowUp")):
        page.get_by_role("separator", name=name).focus()
        before = int(page.locator(":focus").get_attribute("aria-valuenow") or 0)
        page.keyboard.press(key)
        expect(page.locator(":focus")).to_have_attribute("aria-valuenow", str(before - 2))
    width = page.locator("#pane-question").bounding_box()["width"]
    choose(page, keys="vim", larger=2)
    expect(page.locator(".cm-vim-panel")).to_be_attached()
    looks_good(page)
    shots(page, "candidate-practice-room")
    close_menu(page)
    assert font_size(page) == "16px"

    page.locator(".cm-content").click()
    page.keyboard.type("ggdGiprint(max(map(int, input().split())))")
    page.keyboard.press("Control+Enter")
    expect(last).to_contain_text("All 2 samples passed")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator(".cm-content")).not_to_be_focused()
    page.get_by_role("link", name="Back to the start page").click()
    assert TrialRun.objects.count() == 2
    assert not (ProctoredSession.objects.exists() or SessionRun.objects.exists())

    page.get_by_role("button", name="Start the test").click()
    wait_until_ready(page)
    expect(page.locator(".cm-vim-panel")).to_be_attached()
    assert font_size(page) == "16px"
    assert page.locator("#pane-question").bounding_box()["width"] == pytest.approx(width, abs=2)
    page.goto(reverse("proctoring:trial"))
    wait_until_ready(page)


def test_each_question_and_language_keeps_its_own_undo(room, candidate):
    insert(room, "# first words")
    room.get_by_role("button", name="Next question").click()
    insert(room, "#")
    expect(room.locator("[data-question-state]")).to_have_text("One character changed")
    room.get_by_role("button", name="Previous").click()
    room.get_by_label("Language").select_option("java")
    insert(room, "// in java")
    room.get_by_label("Language").select_option("python")
    expect(room.locator(".cm-content")).to_contain_text("# first words")
    room.keyboard.press("Control+z")
    expect(room.locator(".cm-content")).not_to_contain_text("# first words")
    room.keyboard.press("Control+Shift+z")
    expect(room.locator(".cm-content")).to_contain_text("# first words")
    room.get_by_label("Language").select_option("java")
    room.keyboard.press("Control+z")
    expect(room.locator(".cm-content")).not_to_contain_text("// in java")
    room.get_by_label("Language").select_option("python")

    choose(room, keys="emacs")
    close_menu(room)
    room.locator(".cm-content").click()
    room.keyboard.press("Control+End")
    room.keyboard.type("abc")
    room.keyboard.press("Control+a")  # Emacs: to the start of the line
    room.keyboard.type("# ")
    expect_saved(room)
    wait_for(lambda: any(code.endswith("# # first wordsabc") for code in codes(candidate)), room)
    room.get_by_role("button", name="Finish test").click()
    dialog = room.get_by_role("dialog", name="Finish the test?")
    expect(dialog).to_contain_text("4 of 5 questions have no answer yet")
    expect(dialog).to_contain_text("(one character changed)")
