"""Two tabs, or two devices: each knows of the other, and no text goes unseen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sessions_app.proctoring.models import SessionEvent
from tests.browser.candidate.sitting import (
    codes,
    expect_saved,
    stored,
    wait_until_ready,
    write,
)
from tests.browser.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def open_again(pages, link="/test"):
    """The same test once more, at its first question; `pages` is a context."""
    page = pages.new_page()
    page.goto(link)
    wait_until_ready(page)
    while page.locator("[data-previous]").is_enabled():
        page.get_by_role("button", name="Previous").click()
    return page


def everything(candidate):
    return [*codes(candidate), *(r.text for r in stored(candidate).revisions.all())]


@pytest.fixture
def two(room, context):
    """Both show the first question with what the first tab wrote."""
    write(room, "# start\n")
    expect_saved(room)
    second = open_again(context)
    expect(second.locator(".cm-content")).to_contain_text("# start")
    return room, second


@pytest.fixture
def two_devices(room, new_context, link):
    """The same on two devices: neither hears at once what the other saves."""
    write(room, "# start\n")
    expect_saved(room)
    second = open_again(new_context(), link)
    expect(second.locator(".cm-content")).to_contain_text("# start")
    return room, second


@pytest.fixture
def conflict(two_devices):
    """The second goes on without having seen what the first one wrote meanwhile."""
    first, second = two_devices
    write(first, "# from the first\n")
    expect_saved(first)
    write(second, "# from the second\n")
    dialog = second.get_by_role("dialog", name="Two versions of one answer")
    expect(dialog).to_be_visible()
    return second, dialog


def test_both_tabs_are_told_of_each_other(two):
    for page in two:
        expect(page.locator("[data-notice=tab]")).to_contain_text("open in another tab")
    wait_for(
        lambda: SessionEvent.objects.filter(type="second_tab").count() == 2, two[0], seconds=15
    )


def test_both_texts_are_shown_with_what_differs(conflict, check_axe):
    second, dialog = conflict
    for title, words in (
        ("The other device", "from the first"),
        ("This device", "from the second"),
    ):
        expect(dialog.get_by_role("group", name=title)).to_contain_text(words)
    expect(dialog.locator("mark").first).to_be_visible()
    check_axe(second)


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("Keep mine", ["# from the second"]),
        ("Take theirs", ["# from the first"]),
        ("Keep both", ["# from the second", "# from the first"]),
    ],
)
def test_the_candidate_chooses_and_both_remain_on_the_server(conflict, candidate, button, kept):
    second, dialog = conflict
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_be_hidden()
    expect_saved(second)
    both = {"# from the first", "# from the second"}

    def is_settled():
        (code,) = [code for code in codes(candidate) if "# start" in code]
        return {words for words in both if words in code} == set(kept)

    wait_for(is_settled, second)
    for words in kept:
        expect(second.locator(".cm-content")).to_contain_text(words)
    assert any("# from the first" in text for text in everything(candidate))
    write(second, "# and on\n")
    expect_saved(second)
    expect(dialog).to_be_hidden()


def test_what_one_tab_saves_the_other_shows_at_once_and_says_so(two, candidate):
    first, second = two
    write(second, "# from the second\n")
    expect(first.locator(".cm-content")).to_contain_text("# from the second")
    expect(first.locator("[data-notice=elsewhere]")).to_contain_text("changed in your other tab")

    write(first, "# and from the first\n")
    expect(second.locator(".cm-content")).to_contain_text("# and from the first")
    for page in two:
        expect(page.get_by_role("dialog")).to_have_count(0)
    (code,) = codes(candidate)
    assert "# from the second" in code and "# and from the first" in code


def test_words_typed_in_two_tabs_at_the_same_time_meet_in_a_dialog(two, context, problems):
    first, second = two
    context.set_offline(True)
    write(first, "# in one\n")
    write(second, "# in the other\n")
    context.set_offline(False)
    wait_for(lambda: any(p.get_by_role("dialog").is_visible() for p in two), first, seconds=25)
    asking = next(page for page in two if page.get_by_role("dialog").is_visible())
    for words in ("# in one", "# in the other"):
        expect(asking.get_by_role("dialog")).to_contain_text(words)
    asking.get_by_role("button", name="Keep both").click()
    for page in two:
        for words in ("# in one", "# in the other"):
            expect(page.locator(".cm-content")).to_contain_text(words)
    problems.clear()


def test_another_device_that_had_nothing_new_learns_at_its_next_beat(two_devices):
    first, second = two_devices
    write(second, "# from the second\n")
    expect_saved(second)
    for page in (second, first):  # beats that would come within 30 s
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(300)
    expect(first.locator(".cm-content")).to_contain_text("# from the second")
    expect(first.locator("[data-notice=tab]")).to_contain_text("on another device")


def test_words_written_offline_meet_those_of_another_device(
    room, candidate, link, new_context, problems
):
    write(room, "# start\n")
    expect_saved(room)
    room.context.set_offline(True)
    write(room, "# written in the train\n")
    device = open_again(new_context(), link)
    write(device, "# written at the desk\n")
    expect_saved(device)
    room.context.set_offline(False)

    dialog = room.get_by_role("dialog", name="Two versions of one answer")
    expect(dialog).to_be_visible(timeout=25_000)
    expect(dialog).to_contain_text("at the desk")
    expect(dialog).to_contain_text("in the train")
    assert any("at the desk" in text for text in everything(candidate))
    problems.clear()


def test_another_language_on_the_other_device_is_set_aside_and_not_mixed(two_devices):
    first, second = two_devices
    first.get_by_label("Language").select_option("java")
    write(first, "// from the first")
    expect_saved(first)
    write(second, "# from the second")
    dialog = second.get_by_role("dialog", name="Two versions of one answer")
    expect(dialog.get_by_role("group", name="The other device, in Java")).to_be_visible()
    dialog.get_by_role("button", name="Keep both").click()
    expect_saved(second)
    second.get_by_label("Language").select_option("java")
    expect(second.locator(".cm-content")).to_contain_text("// from the first")
