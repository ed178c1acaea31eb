"""An interviewer who asks back, answered in the same box; rapid fire, which asks nothing until the end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from practice.models import Question
from sessions_app.interviews.models import Attempt, FollowUp
from tests.browser.interview_steps import begin, ready
from tests.browser.waiting import wait_for
from tests.factories import UserFactory
from tests.interviews.factories import ANSWER, make_bank

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

FIRST = "Which of your three solutions would you drop first, and why?"
SECOND = "What would make you stop after the first month?"
REPLY = "I would drop the shelf near the gate, because its rent is due whether anybody orders."


@pytest.fixture
def start(page, sign_in):
    make_bank(per_category=2)
    Question.objects.update(follow_ups=[FIRST, SECOND])
    sign_in(page, UserFactory())
    page.goto("/interviews")
    return page


def test_the_interviewer_asks_back_and_the_whole_is_scored(start, worker, looks_good, shots):
    page, asks_back = start, start.get_by_role("checkbox", name="The interviewer asks back")
    page.get_by_role("radio", name=re.compile("^Mock")).check(force=True)
    expect(asks_back).to_be_checked()
    expect(asks_back).to_be_disabled()
    page.get_by_role("radio", name=re.compile("^Rapid")).check(force=True)
    expect(asks_back).not_to_be_checked()
    page.get_by_role("radio", name=re.compile("^Standard")).check(force=True)
    asks_back.check()
    begin(page, "^Standard")
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_role("button", name="Hand in answer").click()

    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    ready(page)
    page.get_by_label("Your answer").fill(REPLY[:40])
    expect(page.locator("#save-state")).to_contain_text("Saved")
    page.get_by_label("Your answer").fill(REPLY)
    wait_for(lambda: FollowUp.objects.get().answer_text == REPLY)
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value(REPLY)
    ready(page)
    looks_good(page)
    shots(page, "interviews-follow-up")
    page.get_by_label("Your answer").press("Control+Enter")

    expect(page.get_by_role("heading", name=SECOND)).to_be_visible()
    ready(page)
    page.get_by_text("what was said so far").click()
    expect(page.get_by_label("The dialogue")).to_contain_text(REPLY)
    page.get_by_label("Your answer").fill("Fewer than half of the orders ready in time.")
    page.get_by_role("button", name="Answer", exact=True).click()

    expect(page.get_by_text("How well did that go?")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^4,")).check(force=True)
    page.get_by_role("button", name="Show the result").click()
    expect(page.get_by_text("together with your replies")).to_be_visible(timeout=40_000)
    expect(page.locator(".score-number")).to_contain_text("of 10")
    expect(page.get_by_label("The dialogue")).to_contain_text("Fewer than half")
    looks_good(page)
    shots(page, "interviews-dialogue")
    assert Attempt.objects.get().first_evaluation is not None
    assert [one.answer_text for one in FollowUp.objects.order_by("number")][0] == REPLY


def test_words_for_a_question_that_is_declined_stay_in_the_summary(start):
    start.get_by_role("checkbox", name="The interviewer asks back").check()
    begin(start, "^Standard")
    start.get_by_label("Your answer").fill(ANSWER)
    start.get_by_role("button", name="Hand in answer").click()
    expect(start.get_by_role("heading", name=FIRST)).to_be_visible()
    ready(start)
    start.get_by_label("Your answer").fill("Half a thought")
    start.get_by_role("button", name="No more questions").click()
    expect(start.get_by_text("How well did that go?")).to_be_visible()
    wait_for(lambda: FollowUp.objects.get().answer_text == "Half a thought")


def test_rapid_fire_is_rapid_and_rates_at_the_end(start, worker, looks_good, shots):
    begin(start, "^Rapid")
    shown = start.locator("#interview-room")
    asked = []
    for _ in range(2):
        ready(start)
        asked.append(shown.get_attribute("data-question"))
        start.get_by_label("Your answer").fill(ANSWER)
        with start.expect_navigation():
            start.get_by_role("button", name="Hand in answer").click()
        expect(start.get_by_label("Your answer")).to_have_value("")
    ready(start)
    assert len({*asked, shown.get_attribute("data-question")}) == 3
    start.get_by_role("button", name="End interview").click()
    start.get_by_role("button", name="End and see the summary").click()
    expect(start.get_by_role("heading", name="How well did that go?")).to_be_visible()
    looks_good(start)
    shots(start, "interviews-ratings")
    start.get_by_role("radio", name=re.compile("^2,")).first.check(force=True)
    start.get_by_role("button", name="Show the results").click()
    start.wait_for_url("**/summary")
    assert sorted(Attempt.objects.values_list("self_rating", flat=True), key=str) == [2, None]
