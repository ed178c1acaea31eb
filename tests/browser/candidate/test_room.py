"""A candidate's sitting in a real browser whose clock is wrong, on a connection that fails."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from common import clock
from sessions_app.proctoring.models import ProctoredSession, SessionEvent
from sessions_app.proctoring.services.sweeping import sweep_sessions
from tests.browser.candidate.sitting import SAVED, codes, stored, wait_until_ready, write
from tests.browser.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_opening_the_link_tells_the_rules_and_starts_nothing(page, link, candidate, check_axe):
    page.goto(link)
    expect(page).to_have_url(re.compile(r"/test$"))
    expect(page.get_by_role("heading", name="What is recorded, and why")).to_be_visible()
    for name in ("connection", "storage", "clock"):
        expect(page.locator(f"[data-check={name}]")).to_have_attribute("data-state", "good")
    assert not ProctoredSession.objects.exists()
    check_axe(page)


def test_answers_are_saved_as_they_are_written_and_a_reload_goes_on(room, candidate, check_axe):
    write(room, "# my answer")
    expect(room.locator("[data-save-state]")).to_have_text(SAVED)
    assert any("# my answer" in code for code in codes(candidate))
    before = stored(candidate).deadline

    room.reload()
    wait_until_ready(room)
    expect(room.locator("[data-position]")).to_have_text("Question 1 of 5")
    expect(room.locator(".cm-content")).to_contain_text("# my answer")
    after = stored(candidate)
    assert (after.status, after.deadline) == ("active", before)
    check_axe(room)


def test_closing_the_tab_abandons_at_once_and_the_link_resumes(room, candidate, link, context):
    write(room, "# first tab")
    expect(room.locator("[data-save-state]")).to_have_text(SAVED)
    room.close(run_before_unload=True)
    wait_for(lambda: stored(candidate).status == "abandoned")
    left = stored(candidate)
    assert (left.completion_method, left.left_at is not None) == ("tab_close", True)

    page = context.new_page()
    page.goto(link)
    wait_until_ready(page)
    back = stored(candidate)
    assert (back.status, back.deadline) == ("active", left.deadline)
    expect(page.locator("[data-position]")).to_have_text("Question 1 of 5")
    expect(page.locator(".cm-content")).to_contain_text("# first tab")


def test_the_words_of_the_last_moment_arrive_although_the_tab_is_closed(room, candidate):
    # What a closing page sends must not wait for this process to wave it through.
    room.context.unroute_all()
    write(room, "# no time to save")
    room.close(run_before_unload=True)
    wait_for(lambda: any("# no time to save" in code for code in codes(candidate)))
    wait_for(lambda: stored(candidate).status == "abandoned")


def test_a_page_that_sleeps_through_the_end_is_closed_by_the_sweep(room, candidate):
    write(room, "# asleep")
    expect(room.locator("[data-save-state]")).to_have_text(SAVED)
    room.goto("about:blank")
    wait_for(lambda: stored(candidate).status == "abandoned", room)
    ProctoredSession.objects.filter(pk=candidate.pk).update(
        deadline=clock.now() - timedelta(minutes=1)
    )
    sweep_sessions(now=clock.now())
    room.go_back()
    expect(room.get_by_role("heading", name="The time is over")).to_be_visible()
    expect(room.get_by_text("characters of Python")).to_be_visible()


def test_the_keyboard_can_leave_the_editor(room):
    room.locator(".cm-content").click()
    room.keyboard.press("Escape")
    room.keyboard.press("Tab")
    expect(room.locator(".cm-content")).not_to_be_focused()


def test_a_page_that_may_not_ask_says_so_and_does_not_reload_for_ever(room, problems):
    room.context.clear_cookies()
    loads = []
    room.on("load", lambda _: loads.append(1))
    write(room, "# kept")
    expect(room.locator("[data-notice=access]")).to_contain_text("Open the link of your invitation")
    room.wait_for_timeout(1500)
    assert loads == []


def test_finishing_names_what_is_unanswered_and_thanks_with_what_was_received(
    room, candidate, check_axe
):
    write(room, "# only this one")
    room.get_by_role("button", name="Finish test").click()
    dialog = room.get_by_role("dialog", name="Finish the test?")
    expect(dialog).to_contain_text("4 of 5 questions have no answer yet")
    expect(dialog).to_contain_text("Expiring cache")
    dialog.get_by_role("button", name="Go on writing").click()
    expect(dialog).to_be_hidden()

    room.get_by_role("button", name="Finish test").click()
    check_axe(room)
    dialog.get_by_role("button", name="Finish test").click()
    expect(room.get_by_role("heading", name="Thank you, Dana Demo")).to_be_visible()
    expect(room.get_by_text("characters of Python")).to_be_visible()
    check_axe(room)
    session = stored(candidate)
    assert (session.status, session.completion_method) == ("completed", "manual")
    assert any("# only this one" in code for code in codes(candidate))


def test_a_late_beacon_after_the_hand_in_is_ignored(room, candidate):
    room.get_by_role("button", name="Finish test").click()
    room.locator("[data-finish-yes]").click()
    expect(room.get_by_role("heading", name="Thank you, Dana Demo")).to_be_visible()
    path = f"/api/test-session/{candidate.pk}/abandon"
    assert room.evaluate(f"navigator.sendBeacon('{path}', '{{}}')")
    room.goto("about:blank")

    session = stored(candidate)
    assert (session.status, session.completion_method) == ("completed", "manual")


def test_another_language_sets_the_code_aside_and_brings_it_back(room, candidate):
    write(room, "# in python")
    room.get_by_label("Language").select_option("java")
    expect(room.locator(".cm-content")).to_contain_text("public class Main")
    write(room, "// in java")
    room.get_by_label("Language").select_option("python")
    expect(room.locator(".cm-content")).to_contain_text("# in python")
    expect(room.locator("[data-save-state]")).to_have_text(SAVED)

    kept = stored(candidate).pending_answers
    assert any("// in java" in value["code"] for value in kept.values())


def test_the_page_reports_what_it_told_it_would(room, candidate):
    room.evaluate("window.dispatchEvent(new Event('blur'))")
    room.locator(".cm-content").click()
    room.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "pasted words");
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
            document.querySelector(".cm-content").dispatchEvent(event);
        }"""
    )
    wait_for(lambda: SessionEvent.objects.filter(type="paste").exists(), room, seconds=15)
    paste = SessionEvent.objects.get(type="paste")
    assert paste.detail["characters"] == 12 and "pasted words" not in str(paste.detail)
    assert SessionEvent.objects.filter(type="window_blur").exists()
    assert abs((paste.at - clock.now()).total_seconds()) < 30
    assert stored(candidate).status == "active"


def test_it_works_with_the_keyboard_alone(room, candidate):
    room.keyboard.press("Alt+ArrowRight")
    expect(room.locator("[data-position]")).to_have_text("Question 2 of 5")
    room.keyboard.press("Alt+ArrowLeft")
    expect(room.locator("[data-position]")).to_have_text("Question 1 of 5")
    for _ in range(2):
        room.get_by_role("button", name="Next question").focus()
        room.keyboard.press("Enter")
    wait_for(lambda: stored(candidate).sections_completed == ["warm-up"], room)


def test_how_the_pages_look(room, shots):
    write(room, "# a first thought")
    shots(room, "candidate-room")
    room.get_by_role("button", name="Finish test").click()
    room.locator("[data-finish-yes]").click()
    expect(room.get_by_role("heading", name="Thank you, Dana Demo")).to_be_visible()
    shots(room, "candidate-after")
