"""Staff mark an answer, see the verdict beside it, accept a wording, and look at the agreement."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from common import clock
from evaluation.models import Evaluation
from evaluation.services.marking import Marks, mark_answer
from evaluation.services.running import run_evaluation
from practice.rubrics import rubric_of
from tests.evaluation.factories import make_evaluation
from tests.factories import UserFactory
from tests.practice.factories import ANSWER, QuestionFactory

pytestmark = pytest.mark.django_db(transaction=True)
REPAIR = "which we cap so that readers do not notice"


@pytest.fixture
def answers():
    """Three judged answers to one question, months apart; two of them are marked."""
    rubric, now, rows = rubric_of(QuestionFactory()), clock.now(), []
    for number in range(3):
        row = make_evaluation(owner=UserFactory(), now=now, rubric=rubric, answer=ANSWER)
        run_evaluation(evaluation_id=row.pk)
        Evaluation.objects.filter(pk=row.pk).update(finished_at=now - timedelta(days=31 * number))
        row.refresh_from_db()
        rows.append(row)
    for row, word, level in zip(rows[1:], ("strong", "partial"), ("met", "missed"), strict=True):
        levels = {point.title: level for point in rubric.key_points}
        marks = Marks(word=word, score=6.0, levels=levels)
        mark_answer(evaluation=row, marker=UserFactory(), marks=marks, now=now)
    point = {**rows[0].key_points[1], "level": "missed"}
    Evaluation.objects.filter(pk=rows[0].pk).update(key_points=[rows[0].key_points[0], point])
    return rows


def test_an_answer_is_marked_and_its_words_are_accepted(
    page, sign_in, staff, answers, check_axe, shots
):
    sign_in(page, staff)
    page.goto(reverse("admin:evaluation_staffmark_changelist"))
    page.get_by_role("link", name="Mark an answer").click()
    expect(page.get_by_role("heading", name="Key points")).to_be_visible()
    expect(page.get_by_text("Local rubric check")).to_have_count(0)
    shots(page, "mark")
    check_axe(page)

    repair = page.get_by_role("group", name=answers[0].key_points[1]["title"])
    repair.get_by_role("radio", name="met", exact=True).check()
    repair.get_by_role("textbox").fill(REPAIR)
    page.get_by_role("group", name="The answer is").get_by_label("strong").check()
    page.get_by_label("Score, 0 to 10").fill("7")
    page.get_by_role("button", name="Save and see the verdict").click()
    expect(page.get_by_text("Judged by: Local rubric check")).to_be_visible()
    shots(page, "mark-beside")
    check_axe(page)

    page.goto(reverse("admin:evaluation_wordingcandidate_changelist"))
    shots(page, "wordings")
    check_axe(page)
    page.get_by_role("button", name=f"Accept: “{REPAIR}”").click()
    expect(page.get_by_text("Counts from now on")).to_be_visible()
    expect(page.get_by_role("button", name="Take back")).to_be_visible()

    page.goto(reverse("admin:evaluation_agreement"))
    expect(page.get_by_role("img", name="The word is the marker's in")).to_be_visible()
    page.get_by_text("Show data").click()
    shots(page, "agreement")
    check_axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
