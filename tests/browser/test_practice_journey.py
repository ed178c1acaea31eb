"""The whole way of a learner: library, start, answer, feedback, next, complete, review, history."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from common.clock import now
from practice.bank_files import read_bank
from practice.services.bank import load_bank
from tests.browser.workspace import check_workspace, opened
from tests.factories import UserFactory
from tests.practice.factories import address_of, make_session

pytestmark = pytest.mark.django_db(transaction=True)

SLUG = "design-url-shortener"


@pytest.fixture
def bank():
    sets = [one for one in read_bank().sets if one.slug == SLUG]
    load_bank(sets=sets, now=now())
    return sets[0]


def saved(page: Page):
    return expect(page.locator("[data-save-state]")).to_have_text("Saved")


def test_from_the_library_to_history(page, sign_in, worker, bank, check_axe, shots):
    learner = UserFactory(username="ana", plan="premium")
    sign_in(page, learner)

    page.goto("/practice")
    page.get_by_label("Search", exact=True).fill("shortener")
    expect(page).to_have_url(re.compile("search=shortener"))
    check_axe(page)
    page.get_by_role("link", name=bank.title).click()
    check_axe(page)
    page.get_by_role("button", name="Start").click()

    expect(page.locator(".workspace[data-ready]")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(bank.questions[0].title)
    answer = page.get_by_label("Your answer")
    answer.fill(bank.questions[0].cases["good"])
    saved(page)
    answer.press("Control+Enter")
    expect(page.locator(".score-band")).to_be_visible(timeout=20_000)
    quote = page.locator(".quote").first.inner_text().strip("“”… ")
    assert quote in bank.questions[0].cases["good"]
    expect(page.locator(".panes .dot").first).to_have_attribute("data-state", "done")
    check_workspace(page)
    shots(page, "workspace-feedback")
    resubmit_less(page, bank.questions[0].cases["partial"])

    for question in bank.questions[1:]:
        page.get_by_role("button", name="Next Question").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(question.title)
    expect(page).to_have_url(re.compile(f"/questions/{len(bank.questions)}$"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text(bank.questions[-2].title)
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_contain_text(bank.questions[-1].title)
    expect(page.locator(".workspace[data-ready]")).to_be_visible()
    answer.fill("These words were typed just before the end.")
    complete = page.get_by_role("button", name="Complete and Review")
    complete.click()
    asked = page.get_by_role("dialog", name="Complete this set?")
    expect(asked).to_contain_text(bank.questions[1].title)
    expect(asked).not_to_contain_text(bank.questions[0].title)
    asked.get_by_role("button", name="Cancel").click()
    complete.click()
    asked.get_by_role("button", name="Complete and Review").click()

    expect(page).to_have_url(re.compile("/review$"))
    expect(page.get_by_text(f"1 of {len(bank.questions)} questions answered")).to_be_visible()
    expect(page.get_by_role("heading", name="Sample write-up")).to_be_visible()
    check_axe(page)
    shots(page, "review")
    everything_is_on_paper(page)
    page.get_by_role("link", name="History").first.click()
    expect(page.get_by_role("link", name=bank.title)).to_be_visible()
    check_axe(page)
    history = learner.practicemainhistory_rows.get()
    assert "typed just before the end" in history.practices.last().answer_text


def everything_is_on_paper(page: Page) -> None:
    """Printed, folds are open, quotes are there, controls and what repeats are not."""
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not([open])").count() == 0
    expect(page.locator("button.quote").first).to_be_visible()
    for gone in (".app-bar", "[data-print]", ".feedback-objection", ".chart details"):
        expect(page.locator(gone).first).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#question-1")).not_to_have_attribute("open", "")


def resubmit_less(page: Page, text: str) -> None:
    """A second try says what changed as soon as its verdict is there; the first one stays."""
    page.get_by_label("Your answer").fill(text)
    page.get_by_role("button", name="Get feedback").click()
    latest = page.locator("article[data-try='2']")
    expect(latest.locator(".score-band")).to_be_visible(timeout=20_000)
    latest.get_by_text("What changed since try 1").click()
    expect(latest.get_by_text("Lost:")).to_be_visible()
    expect(latest.get_by_text(re.compile(r"Key points .\d"))).to_be_visible()
    expect(page.locator("details[data-try='1']")).to_be_visible()


def test_dots_lead_to_their_question_and_show_their_state(page, sign_in):
    learner = UserFactory(plan="premium")
    sign_in(page, learner)
    session = make_session(learner, now=now())

    opened(page, f"/practice/sessions/{session.pk}")
    dots = page.locator(".panes .dot")
    expect(dots).to_have_count(3)
    box = dots.nth(1).evaluate(
        "e => { const s = getComputedStyle(e, '::before'); return [s.width, s.backgroundColor]; }"
    )
    assert box == ["12px", "rgb(209, 213, 219)"]
    lefts = [dot.bounding_box()["x"] for dot in dots.all()]
    assert [b - a for a, b in itertools.pairwise(lefts)] == [20, 20]  # 12 px and 8 px apart
    page.get_by_label("Your answer").fill("Not lost by a click on a dot.")
    dots.nth(2).click()
    expect(page).to_have_url(re.compile("/questions/3$"))
    expect(dots.nth(2)).to_have_attribute("aria-current", "step")
    assert session.practices.get(order=1).answer_text == "Not lost by a click on a dot."


def test_the_list_beside_the_dots_leads_to_every_question_by_name(page, sign_in):
    learner = UserFactory(plan="premium")
    sign_in(page, learner)
    session = make_session(learner, now=now())

    answer = opened(page, address_of(session, 2))
    answer.fill("Not lost by the list either.")
    page.get_by_label("Question 2 of 3, show all").click()
    links = page.get_by_role("navigation", name="All questions").get_by_role("link")
    expect(links).to_have_count(3)
    for link in links.all():
        box = link.bounding_box()
        assert box["height"] >= 24 and box["width"] >= 24
    links.nth(2).click()

    expect(page).to_have_url(re.compile("/questions/3$"))
    assert session.practices.get(order=2).answer_text == "Not lost by the list either."


def test_feedback_out_of_sight_is_pointed_at_without_moving_the_answer(page, sign_in, worker, bank):
    learner = UserFactory(plan="premium")
    sign_in(page, learner)
    session = make_session(learner, now=now())
    answer = opened(page, address_of(session))
    answer.fill("A long answer about limits and queues.\n" * 40)
    saved(page)
    link = page.get_by_role("link", name="Feedback is below")
    expect(link).to_be_hidden()

    button = page.get_by_role("button", name="Get feedback")
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    button.click()
    verdict = re.compile("succeeded|withheld")
    expect(page.locator("[data-feedback]")).to_have_attribute("data-state", verdict, timeout=20_000)
    expect(link).to_be_visible()
    assert button.bounding_box() == place
    link.click()
    expect(page.locator("article[data-try='1'] h2")).to_be_in_viewport()
    expect(link).to_be_hidden()
