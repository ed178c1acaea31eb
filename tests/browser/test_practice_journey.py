"""The whole way of a learner: library, start, answer, feedback, next, complete, review, history."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Page, expect

from common.clock import now
from practice.bank_files import read_bank
from practice.services.bank import load_bank
from practice.services.completion import complete_session
from practice.services.drafts import save_draft
from practice.services.submissions import submit_answer
from tests.factories import UserFactory
from tests.practice.factories import give_verdict, make_session

pytestmark = pytest.mark.django_db(transaction=True)

SLUG = "design-url-shortener"


@pytest.fixture
def bank():
    sets = [one for one in read_bank().sets if one.slug == SLUG]
    load_bank(sets=sets, now=now())
    return sets[0]


@pytest.fixture
def check_workspace():
    """axe without its target-size rule: the requirements give dots of 12 px, 8 px apart. The
    Previous and Next buttons do the same at full size (WCAG 2.5.8, "Equivalent")."""
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {
        "runOnly": {"type": "tag", "values": tags},
        "rules": {"target-size": {"enabled": False}},
    }

    def check(page: Page) -> None:
        found = Axe().run(page, options=options, context={"exclude": [[".excalidraw"]]})
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


def at(page: Page, order: int) -> None:
    """Wait until the page of a question is there with its script."""
    expect(page).to_have_url(re.compile(f"/questions/{order}$"))
    expect(page.locator(".workspace[data-ready]")).to_be_visible()


def saved(page: Page):
    return expect(page.locator("[data-save-state]")).to_have_text("Saved")


def test_from_the_library_to_history(
    page, sign_in, worker, bank, check_axe, check_workspace, shots
):
    learner = UserFactory(username="ana", plan="premium")
    sign_in(page, learner)

    page.goto("/practice")
    page.get_by_label("Search", exact=True).fill("shortener")
    expect(page).to_have_url(re.compile("search=shortener"))
    check_axe(page)
    page.get_by_role("link", name=bank.title).click()
    check_axe(page)
    page.get_by_role("button", name="Start").click()

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

    for question in bank.questions[1:]:
        page.get_by_role("button", name="Next Question").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(question.title)
    expect(page).to_have_url(re.compile(f"/questions/{len(bank.questions)}$"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text(bank.questions[-2].title)
    page.go_forward()
    answer.fill("These words were typed just before the end.")
    page.get_by_role("button", name="Complete and Review").click()

    expect(page).to_have_url(re.compile("/review$"))
    expect(page.get_by_text(f"1 of {len(bank.questions)} questions answered")).to_be_visible()
    expect(page.get_by_role("heading", name="Sample write-up")).to_be_visible()
    check_axe(page)
    shots(page, "review")
    page.get_by_role("link", name="History").first.click()
    expect(page.get_by_role("link", name=bank.title)).to_be_visible()
    check_axe(page)
    history = learner.practicemainhistory_rows.get()
    assert "typed just before the end" in history.practices.last().answer_text


def test_the_whole_way_by_keyboard_alone(page, sign_in, worker):
    learner = UserFactory(username="kim", plan="premium")
    sign_in(page, learner)
    session = make_session(learner, questions=2, now=now())

    page.goto(f"/practice/sessions/{session.pk}")
    at(page, 1)
    page.locator(".dot").last.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "answer":
            break
    page.keyboard.type("Each object is replicated to three machines in different racks. " * 6)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-feedback]")).to_have_count(1, timeout=20_000)
    page.keyboard.press("Alt+ArrowRight")
    at(page, 2)
    page.keyboard.press("Alt+ArrowLeft")
    at(page, 1)
    page.keyboard.press("Alt+ArrowRight")
    at(page, 2)
    page.get_by_role("button", name="Complete and Review").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/review$"))


def test_dots_lead_to_their_question_and_show_their_state(page, sign_in):
    learner = UserFactory(plan="premium")
    sign_in(page, learner)
    session = make_session(learner, now=now())

    page.goto(f"/practice/sessions/{session.pk}")
    dots = page.locator(".panes .dot")
    expect(dots).to_have_count(3)
    box = dots.nth(1).evaluate(
        "e => { const s = getComputedStyle(e, '::before'); return [s.width, s.backgroundColor]; }"
    )
    assert box == ["12px", "rgb(209, 213, 219)"]
    gap = dots.nth(2).bounding_box()["x"] - dots.nth(1).bounding_box()["x"]
    assert gap == 20  # 12 px and 8 px apart
    page.get_by_label("Your answer").fill("Not lost by a click on a dot.")
    dots.nth(2).click()
    expect(page).to_have_url(re.compile("/questions/3$"))
    expect(dots.nth(2)).to_have_attribute("aria-current", "step")
    assert session.practices.get(order=1).answer_text == "Not lost by a click on a dot."


def test_every_page_of_practice_passes_axe(page, sign_in, check_axe, check_workspace):
    learner = UserFactory(plan="premium")
    sign_in(page, learner)
    session = make_session(learner, now=now())
    work = f"/practice/sessions/{session.pk}"
    first = session.practices.first()
    where = {"user": learner, "session_id": session.pk, "question_id": first.question_id}
    for base, text in enumerate(["An older text", "A newer text, long enough to be read. " * 9]):
        save_draft(**where, answer_text=text, base_version=base, now=now())
    submission = submit_answer(**where, answer_text="A newer text. " * 20, now=now())
    give_verdict(submission.evaluation_id)

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{work}/questions/1")
        expect(page.locator("[data-whiteboard][data-ready]")).to_be_visible(timeout=20_000)
        check_workspace(page)
        page.goto(f"{work}/questions/1/revisions")
        check_axe(page)
    complete_session(user=learner, session_id=session.pk, now=now())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in (
            "/practice",
            "/history",
            f"{work}/review#question-1",
            f"{work}/review/questions/1",
        ):
            page.goto(path)
            check_axe(page)
        page.goto(f"/practice/{session.question_main.slug}")
        check_axe(page)


def test_the_workspace_is_light_and_the_board_comes_after_the_text(page, sign_in):
    learner = UserFactory(plan="premium")
    sign_in(page, learner)
    session = make_session(learner, now=now())
    loaded = []
    page.on("response", lambda response: loaded.append(response))
    held = []
    page.route("**/chunks/board-*.js", lambda route: held.append(route))

    page.goto(f"/practice/sessions/{session.pk}/questions/1")
    expect(page.locator(".workspace[data-ready]")).to_be_visible()
    page.get_by_label("Your answer").fill("Usable before the board is there.")
    saved(page)  # the text is saved while the board's script is held back
    expect(page.locator("[data-whiteboard][data-ready]")).to_have_count(0)

    kinds = {"document", "script", "stylesheet"}
    parts = {
        r.url: len(gzip.compress(r.body()))
        for r in loaded
        if r.request.resource_type in kinds and "whiteboard" not in r.url and r.ok
    }
    assert sum(parts.values()) < 100_000, parts
    for route in held:
        route.continue_()
