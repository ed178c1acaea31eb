"""The feedback fragment in a real browser: it comes by itself, and quotes light up."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from common import clock
from evaluation.models import Evaluation
from evaluation.services.running import run_evaluation
from tests.evaluation.factories import GOOD, PARTIAL, RUBRIC, make_evaluation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at(evaluation: Evaluation) -> str:
    return reverse("evaluation:page", args=[evaluation.pk])


def test_feedback_arrives_by_itself_and_its_quotes_light_up(page, sign_in, check_axe, shots):
    owner = UserFactory()
    sign_in(page, owner)
    before = make_evaluation(owner=owner, now=clock.now(), answer=PARTIAL)
    run_evaluation(evaluation_id=before.pk)
    evaluation = make_evaluation(owner=owner, now=clock.now(), answer=GOOD)
    page.goto(at(evaluation))
    expect(page.get_by_text("Waiting for a free moment")).to_be_visible()
    run_evaluation(evaluation_id=evaluation.pk)
    expect(page.locator(".score-band")).to_have_text("strong")
    expect(page.get_by_text("Compared with the try before: +2 points met")).to_be_visible()

    page.get_by_role("button", name=re.compile("^The system is read-heavy")).first.click()
    lit = page.locator("mark[data-lit=true]")
    expect(lit.first).to_be_visible()
    expect(lit.first).to_contain_text("read-heavy")
    check_axe(page)
    shots(page, "feedback-scored")

    page.get_by_text("This is wrong").first.click()
    page.get_by_label("What did we misread?").first.fill("I said exactly this.")
    page.get_by_role("button", name="Tell staff").first.click()
    expect(page.get_by_text("Staff will look at it")).to_be_visible()


def test_what_is_not_scored_looks_like_nothing_that_is(page, sign_in, check_axe, shots):
    owner = UserFactory()
    sign_in(page, owner)
    withheld = make_evaluation(owner=owner, now=clock.now(), answer=RUBRIC.prompt * 4)
    run_evaluation(evaluation_id=withheld.pk)
    page.goto(at(withheld))
    expect(page.get_by_text("Not scored")).to_be_visible()
    expect(page.locator(".score")).to_have_count(0)
    check_axe(page)
    shots(page, "feedback-withheld")

    held = make_evaluation(owner=owner, now=clock.now(), provider="claude", hold="budget_user")
    page.goto(at(held))
    expect(page.get_by_text("Your share of Claude is used up for today")).to_be_visible()
    check_axe(page)
    shots(page, "feedback-held")
    page.get_by_role("button", name="Use the local check now").click()
    expect(page.get_by_text("Waiting for a free moment")).to_be_visible()
    run_evaluation(evaluation_id=held.pk)
    expect(page.locator(".score-provider")).to_contain_text("Local rubric check")

    failed = make_evaluation(
        owner=owner, now=clock.now(), provider="claude", status="failed",
        error="Claude could not be reached. Your answer is safe.",
    )  # fmt: skip
    page.goto(at(failed))
    expect(page.get_by_text("No feedback yet")).to_be_visible()
    shots(page, "feedback-failed")


DENYING = (
    "Reads do not outnumber writes, so the read path does not decide the design. A cache in memory is "
    "not needed for popular codes. I would never use a temporary redirect, because nobody counts the "
    "clicks, and browsers do not keep a permanent one either. I would not estimate the load at all."
)
TAUGHT = replace(
    RUBRIC,
    key_points=tuple(
        replace(point, why=f"It matters for this reason: {point.title.lower()}.")
        for point in RUBRIC.key_points
    ),
    follow_ups=("What if the cache is cold?", "How would you count clicks?"),
)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("strong", GOOD), ("middling", PARTIAL), ("denying", DENYING), ("empty", "")],
)
def test_feedback_of_every_kind_is_readable(name, answer, page, sign_in, looks_good, shots):
    owner = UserFactory()
    sign_in(page, owner)
    evaluation = make_evaluation(owner=owner, now=clock.now(), answer=answer, rubric=TAUGHT)
    run_evaluation(evaluation_id=evaluation.pk)
    page.goto(at(evaluation))
    if name == "empty":
        expect(page.get_by_text("Not scored")).to_be_visible()
    else:
        expect(page.locator(".feedback-next")).to_contain_text("Next step.")
    for fold in page.get_by_text("A sentence that says it").all():
        fold.click()
    looks_good(page)
    shots(page, f"feedback-{name}")
