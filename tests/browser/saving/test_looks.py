"""A refused save, what was taken out, and what was sent again: no WCAG 2.2 AA fault, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from practice.models import Practice
from sessions_app.interviews.models import InterviewDraft
from tests.browser.workspace import check_workspace

pytestmark = pytest.mark.django_db(transaction=True)


def go_back() -> None:
    """What a restore does to the rows of the open page: an older version without the last words."""
    Practice.objects.update(version=1, answer_text="")
    InterviewDraft.objects.update(version=1, answer_text="")


@pytest.mark.parametrize("place", ["practice", "interview"], indirect=True)
def test_refused_mended_and_sent_again(place, request, looks_good, shots):
    page, name = place.page, request.node.callspec.params["place"]
    for words in ("first words", "\nsecond\0 words"):
        place.write(words)
        place.expect_saved()
    go_back()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("went back to a backup").first).to_be_visible()
    place.expect_saved()
    shots(page, f"saving-{name}-sent-again")

    why = place.write_too_much()
    expect(place.line).to_contain_text(why)
    check_workspace(page) if name == "practice" else looks_good(page)
    shots(page, f"saving-{name}-refused")
