"""Words that are never lost: offline, from another page, in two tabs
(practice-sessions.md §7: 25, 27)."""

from __future__ import annotations

import contextlib
import re

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import watch
from tests.browser.waiting import wait_for
from tests.browser.workspace import DRAFTS, kept_texts, offline, opened, practice_of, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_words_typed_offline_survive_a_reload_and_arrive(page, sign_in, session, address):
    sign_in(page, session.user)
    answer = opened(page, address)
    page.route(DRAFTS, offline)
    answer.fill("Written on a train, in a tunnel.")
    expect(state(page)).to_contain_text("Offline: kept on this device")

    answer = opened(page, address)

    expect(answer).to_have_value("Written on a train, in a tunnel.")
    expect(page.get_by_text("what you had written on this device")).to_be_visible()
    back_online(page)
    expect(state(page)).to_have_text("Saved")
    assert practice_of(session).answer_text == "Written on a train, in a tunnel."


def test_next_question_without_a_connection_keeps_the_page(
    page, context, problems, sign_in, session, address
):
    sign_in(page, session.user)
    answer = opened(page, address)
    context.set_offline(True)
    answer.fill("Words without a connection")
    go = page.get_by_role("button", name="Next Question")
    go.click()
    expect(page.locator('[data-notice="away"]')).to_contain_text("cannot be reached")
    expect(answer).to_have_value("Words without a connection")
    expect(go).not_to_have_attribute("aria-busy", "true")

    problems.clear()  # parts of the board that had not come yet
    context.set_offline(False)
    expect(page.locator('[data-notice="away"]')).to_have_count(0)
    go.click()
    expect(page).to_have_url(re.compile("/questions/2$"))
    assert kept_texts(practice_of(session)) >= {"Words without a connection"}


def test_words_typed_offline_arrive_from_another_page_too(page, sign_in, session, address):
    sign_in(page, session.user)
    answer = opened(page, address)
    page.route(DRAFTS, offline)
    answer.fill("Left behind, not lost.")
    expect(state(page)).to_contain_text("Offline")
    page.unroute(DRAFTS)

    page.goto("/history")

    wait_for(lambda: practice_of(session).answer_text == "Left behind, not lost.", page)


def back_online(page: Page) -> None:
    """Press "Try now", unless the page was faster and tries by itself already."""
    page.unroute(DRAFTS)
    with contextlib.suppress(Error):
        page.get_by_role("button", name="Try now").click(timeout=1500)


def test_two_tabs_know_each_other_and_a_conflict_shows_both_texts(
    context, page, problems, sign_in, session, address
):
    sign_in(page, session.user)
    first = opened(page, address)
    other = context.new_page()
    watch(other, problems)
    second = opened(other, address)
    expect(page.get_by_text("also open in another tab")).to_be_visible()

    second.fill("From the second tab.")
    expect(state(other)).to_have_text("Saved")
    expect(first).to_have_value("From the second tab.")  # nothing of its own: it follows

    page.route(DRAFTS, offline)
    first.fill("From the first tab, while it was cut off.")
    expect(state(page)).to_contain_text("Offline")
    second.fill("From the second tab, newer.")
    expect(state(other)).to_have_text("Saved")
    back_online(page)

    dialog = page.get_by_role("dialog", name="Two versions of this text")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("newer")
    expect(dialog).to_contain_text("while it was cut off")
    dialog.get_by_role("button", name="Keep both").click()
    expect(first).to_have_value(re.compile("cut off.*newer", re.DOTALL))
    expect(state(page)).to_have_text("Saved")
    practice = practice_of(session)
    assert "cut off" in practice.answer_text and "newer" in practice.answer_text
    assert practice.revisions.filter(
        conflict=True, answer_text="From the second tab, newer."
    ).exists()
    page.goto(f"{address}/revisions")
    expect(page.get_by_text("Replaced from another tab")).to_be_visible()
