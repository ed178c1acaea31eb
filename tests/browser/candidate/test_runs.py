"""A candidate runs code: the real sandbox behind a real worker, and none of both."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from common import clock
from judge.models import EngineReport
from judge.tasks import work
from sessions_app.proctoring.models import SessionRun
from sessions_app.proctoring.selectors.scores import score_of
from tests.browser.candidate.sitting import expect_saved, start, stored, wait_until_ready, write
from tests.browser.waiting import wait_for
from tests.judge.running import needs

pytestmark = pytest.mark.django_db(transaction=True)

READ = "import sys\nnumbers = [int(x) for x in sys.stdin.read().split()[1:]]\n"
FIRST_ONLY = f"{READ}print(numbers[1] - numbers[0] if len(numbers) > 1 else 0)"
BROKEN = f"{READ}print("
RIGHT = f"{READ}print(max((b - a for a, b in zip(numbers, numbers[1:])), default=0))"


@pytest.fixture
def running_room(page: Page, link: str, worker: None) -> Page:
    """The first question (the longest quiet stretch), with a code worker that has reported."""
    needs("python")
    work.delay()
    wait_for(EngineReport.objects.filter(ok=True).exists, seconds=60)
    return start(page, link)


def rewrite(page: Page, code: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    # Deleted first: text over a selection takes its style along, which the CSP reports.
    page.keyboard.press("Delete")
    page.keyboard.insert_text(code)


def result(page: Page) -> Locator:
    return page.get_by_role("region", name="Result of the last run")


@pytest.mark.timeout(400)  # two servers, a worker, a browser and the sandbox
def test_write_run_see_the_difference_mend_pass_and_complete(
    running_room, candidate, sign_in, staff, looks_good, shots
):
    page, last = running_room, result(running_room)
    rewrite(page, FIRST_ONLY)
    page.keyboard.press("Control+Enter")
    page.keyboard.type("  # typed on")
    expect(last).to_contain_text("1 of 2 samples passed")
    expect(last).to_contain_text("Sample 1: Wrong answer")
    expect(last).to_contain_text("The first difference is in line 1, character 1.")
    expect(last.locator("mark")).to_have_text(["9", "3"])
    expect(page.locator(".cm-content")).to_contain_text("# typed on")
    expect(page.get_by_text("The code has been changed since.")).to_be_visible()
    looks_good(page)
    shots(page, "candidate-run-wrong")

    expect_saved(page)
    page.reload()
    wait_until_ready(page)
    expect(page.locator("[data-position]")).to_have_text("Question 1 of 5")
    expect(last).to_contain_text("1 of 2 samples passed")

    rewrite(page, BROKEN)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(last).to_contain_text("Does not compile")
    shots(page, "candidate-run-broken")
    page.get_by_role("button", name='main.py", line 3').click()
    expect(page.locator(".cm-content")).to_be_focused()
    expect(page.locator(".cm-activeLine")).to_have_text("print(")

    rewrite(page, RIGHT)
    page.keyboard.press("Control+Enter")
    expect(last).to_contain_text("All 2 samples passed")
    page.get_by_label("Own input").check()
    page.get_by_label("Standard input of your program").fill("3\n1 5 6\n")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(last).to_contain_text("Your input: Ended by itself")
    expect(last.get_by_role("group", name="Your output")).to_have_text("4")
    shots(page, "candidate-run-own")

    page.get_by_role("button", name="Finish test").click()
    page.locator("[data-finish-yes]").click()
    expect(page.get_by_role("heading", name="Thank you, Dana Demo")).to_be_visible()
    wait_for(lambda: score_of(stored(candidate), now=clock.now()).status == "scored", page)
    sign_in(page, staff)
    page.goto(reverse("admin:sessions_app_proctoredsession_change", args=[candidate.pk]))
    expect(page.get_by_text("1.0 of 5 points, 20.0 %")).to_be_visible()


def test_without_a_runner_the_page_says_so_and_the_test_goes_on(room, candidate):
    expect(room.locator("[data-run-away]")).to_contain_text("Go on writing")
    write(room, "# written all the same")
    room.keyboard.press("Control+Enter")
    expect(room.locator("[data-run-state]")).to_contain_text("Not run")
    expect_saved(room)
    assert not SessionRun.objects.exists()
    rewrite(room, " \n")
    expect(room.locator("[data-question-state]")).to_have_text("No answer yet")
    room.get_by_role("button", name="Finish test").click()
    room.locator("[data-finish-yes]").click()
    expect(room.get_by_role("heading", name="Thank you, Dana Demo")).to_be_visible()
