"""Staff accept words of answers for a key point: they count, and no load of the bank takes them away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.errors import Invalid
from evaluation.local.evaluator import evaluate
from evaluation.models import WordingCandidate
from evaluation.services.requests import question_key
from practice.bank_files import read_bank
from practice.errors import NoSuchPoint
from practice.models import Question
from practice.rubrics import rubric_of
from practice.services.bank import load_bank
from practice.services.wordings import accept_wording, dismiss_wording
from tests.evaluation.factories import make_evaluation
from tests.factories import UserFactory, staff_with
from tests.practice.test_load_question_bank import QUESTION, write

pytestmark = pytest.mark.django_db(transaction=True)
COPIES = {
    **QUESTION,
    "prompt": "What happens to pictures when a disk is lost?",
    "key_points": [
        {"title": "Copies", "text": "Each object is replicated to machines in different racks."}
    ],
}
SAID = (
    "Every upload is stored thrice, in separate buildings, since a single building can burn down. "
    "I would accept the higher bill for that, because lost pictures never come back, and people "
    "would leave us after such a loss. Reading prefers the nearest building."
)


@pytest.fixture
def bank(tmp_path):
    """A function that loads the one question of a bank on disk, changed as said."""

    def load(question: dict[str, Any] = COPIES) -> Question:
        write(tmp_path, questions=[question])
        assert load_bank(sets=read_bank(tmp_path).sets, now=clock.now()).conflicts == []
        return Question.objects.get()

    return load


def candidate(question: Question, text: str = "stored thrice") -> WordingCandidate:
    evaluation = make_evaluation(
        owner=UserFactory(), now=clock.now(), rubric=rubric_of(question), answer=SAID
    )
    return WordingCandidate.objects.create(
        evaluation=evaluation,
        question_key=evaluation.question_key,
        point_title=question.key_points[0]["title"],
        text=text,
        source="mark",
        created_at=clock.now(),
    )


def shown(question: Question) -> Any:
    """How the local check sees the first key point in `SAID`."""
    return evaluate(rubric_of(Question.objects.get(pk=question.pk)), SAID).key_points[0]


def test_an_accepted_wording_counts_until_it_is_taken_back(bank):
    question, staff = bank(), UserFactory(staff=True)
    one = candidate(question)
    before = shown(question)
    assert "thrice" not in " ".join(quote.text for quote in before.quotes)

    for _ in range(2):  # safe to repeat
        assert accept_wording(candidate=one, staff=staff, now=clock.now()) == [question]
    question.refresh_from_db()
    assert question.accepted_wordings == {one.point_title: ["stored thrice"]}
    assert "thrice" in shown(question).quotes[0].text
    assert question_key(rubric_of(question)) == one.question_key

    dismiss_wording(candidate=one, staff=staff, now=clock.now())
    one.refresh_from_db()
    assert (one.decision, one.decided_by) == ("dismissed", staff)
    assert shown(question) == before


def test_loads_of_the_bank_change_the_question_and_leave_the_wording(bank):
    question = bank()
    one = candidate(question)
    accept_wording(candidate=one, staff=UserFactory(), now=clock.now())

    bank({**COPIES, "sample_answer": "A new sample answer."})

    question.refresh_from_db()
    assert question.sample_answer == "A new sample answer."
    assert question.accepted_wordings == {one.point_title: ["stored thrice"]}


def test_words_that_anybody_would_say_are_refused(bank):
    question, staff, now = bank(), UserFactory(), clock.now()
    of_prompt = candidate(question, "a disk is lost")
    for one, error in ((of_prompt, Invalid), (candidate(question, "and of the"), Invalid)):
        with pytest.raises(error):
            accept_wording(candidate=one, staff=staff, now=now)
    gone = candidate(question)
    Question.objects.update(retired_at=now)
    with pytest.raises(NoSuchPoint):
        accept_wording(candidate=gone, staff=staff, now=now)
    dismiss_wording(candidate=gone, staff=staff, now=now)
    assert Question.objects.get().accepted_wordings == {}


def test_one_press_in_the_list_accepts_and_another_takes_back(bank):
    question = bank()
    one, browser = candidate(question), Client()
    rights = [f"evaluation.{verb}_wordingcandidate" for verb in ("view", "change")]
    browser.force_login(staff_with(*rights))
    page = reverse("admin:evaluation_wordingcandidate_changelist")

    listed = browser.get(page, {"decision__exact": ""}).content.decode()
    assert "separate buildings" in listed  # where it stands
    address = re.search(r'formaction="([^"]+/accept)"', listed)[1]
    told = browser.post(address, follow=True).content.decode()
    assert "Counts from now on" in told and "Take back" in told
    assert Question.objects.get().accepted_wordings == {one.point_title: ["stored thrice"]}
    back = re.search(r'formaction="([^"]+/dismiss)"', told)[1]
    browser.post(back)
    assert Question.objects.get().accepted_wordings == {one.point_title: []}

    reader = Client()
    reader.force_login(staff_with(rights[0]))
    assert "formaction" not in reader.get(page).content.decode()
    assert reader.post(address).status_code == 403
    WordingCandidate.objects.update(decision="", decided_at=None)
    row = reverse("admin:evaluation_wordingcandidate_change", args=[one.pk])
    browser.post(row, {"text": "thrice"})
    one.refresh_from_db()
    assert one.text == "thrice"
