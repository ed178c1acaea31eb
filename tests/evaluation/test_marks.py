"""Staff mark answers before they see the verdict; agreement, gold set and wordings come of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.services.own_data import export_everything
from common import clock
from common.errors import Invalid
from evaluation.errors import AlreadyMarked, NotMarkable, OwnAnswer
from evaluation.models import Evaluation, StaffMark, WordingCandidate
from evaluation.selectors.agreement import agreement_page
from evaluation.selectors.marking import next_to_mark
from evaluation.services.marking import Marks, mark_answer
from evaluation.services.running import run_evaluation
from evaluation.types import Rubric
from tests.evaluation.factories import GOOD, PARTIAL, RUBRIC, make_evaluation
from tests.factories import UserFactory, staff_with

pytestmark = pytest.mark.django_db(transaction=True)
READS, CACHE, CHOICE = (point.title for point in RUBRIC.key_points)
LEVELS = {READS: "met", CACHE: "met", CHOICE: "met"}


def judged(owner=None, **values) -> Evaluation:
    evaluation = make_evaluation(owner=owner or UserFactory(), now=clock.now(), **values)
    run_evaluation(evaluation_id=evaluation.pk)
    evaluation.refresh_from_db()
    return evaluation


def marked(evaluation: Evaluation, word="strong", score=8.0, levels=LEVELS, **more) -> StaffMark:
    marks = Marks(word=word, score=score, levels=levels, **more)
    return mark_answer(evaluation=evaluation, marker=UserFactory(), marks=marks, now=clock.now())


def marker() -> tuple[Client, object]:
    person, browser = staff_with("evaluation.add_staffmark", "evaluation.view_staffmark"), Client()
    browser.force_login(person)
    return browser, person


def test_a_marker_sees_no_verdict_before_saving_and_both_afterwards():
    evaluation = judged(UserFactory(username="ana-the-learner"))
    browser, person = marker()

    page = browser.get(reverse("admin:evaluation_staffmark_add"), follow=True)
    shown = page.content.decode()
    secret = (f"{evaluation.overall_score:.1f}", "Local rubric check", "ana-the-learner")
    assert GOOD[:80] in shown and not [word for word in secret if word in shown]

    form = {"word": "partial", "score": "5.5", "level_1": "met", "words_1": "nowhere in it"}
    refused = browser.post(page.request["PATH_INFO"] + f"?evaluation={evaluation.pk}", form)
    assert "does not stand in the answer" in refused.content.decode()
    form["words_1"] = "READ path   decides"
    saved = browser.post(
        page.request["PATH_INFO"] + f"?evaluation={evaluation.pk}", form, follow=True
    ).content.decode()

    mark = StaffMark.objects.get()
    assert (mark.marker, mark.score, mark.levels) == (person, 5.5, {READS: "met"})
    assert mark.wordings == {READS: "read path decides"}  # as the answer writes it
    assert "Local rubric check" in saved and f"{evaluation.overall_score:.1f}" in saved
    again = browser.get(reverse("admin:evaluation_staffmark_add"), follow=True)
    assert "There is no answer left" in again.content.decode()


def test_whose_answers_may_be_marked_and_how_often():
    waiting = make_evaluation(owner=UserFactory(), now=clock.now())
    evaluation = judged()
    one, now = UserFactory(), clock.now()
    marks = Marks(word="weak", score=1.0)
    mark_answer(evaluation=evaluation, marker=one, marks=marks, now=now)

    for error, of, who, given in (
        (AlreadyMarked, evaluation, one, marks),
        (OwnAnswer, evaluation, evaluation.owner, marks),
        (NotMarkable, waiting, one, marks),
        (Invalid, evaluation, UserFactory(), Marks(word="weak", score=None)),
        (Invalid, evaluation, UserFactory(), Marks(word="unscorable", score=0.0)),
        (Invalid, evaluation, UserFactory(), Marks("weak", 1.0, levels={"Another": "met"})),
    ):
        with pytest.raises(error):
            mark_answer(evaluation=of, marker=who, marks=given, now=now)
    assert StaffMark.objects.count() == 1


def test_the_next_answer_is_of_the_question_with_the_fewest_marks():
    other = Rubric(**{**vars(RUBRIC), "prompt": "Which redirects would you count, and how?"})
    much, little = judged(), judged(rubric=other)
    marked(much)
    person = UserFactory()

    assert next_to_mark(person) == little
    marked(little), marked(little)
    newer = judged()
    assert next_to_mark(person) == newer  # nobody has marked it yet
    assert next_to_mark(newer.owner) == much


def test_agreement_by_judge_month_question_and_key_point():
    rows = [judged(), judged(answer=PARTIAL), judged(answer="I do not know this at all, sorry.")]
    assert [row.status for row in rows] == ["succeeded", "succeeded", "withheld"]
    november = datetime(2026, 11, 5, tzinfo=UTC)
    Evaluation.objects.filter(pk=rows[1].pk).update(finished_at=november)
    band = rows[0].band
    marked(rows[0], word=band, score=9.0)
    marked(rows[0], word="weak" if band != "weak" else "strong", score=8.0)
    marked(rows[1], word=rows[1].band, score=4.0, levels={READS: "met", CACHE: "missed"})
    marked(rows[2], word="weak", score=0.5, levels={})
    claude = judged()
    Evaluation.objects.filter(pk=claude.pk).update(
        provider="claude", model="claude-x", key_points=[{"title": READS, "level": "missed"}]
    )
    marked(claude, word="unscorable", score=None)

    page = agreement_page(question_key=rows[0].question_key)
    local, asked = (judge.agreement for judge in page.judges)

    assert page.judges[0].judge.startswith("Local rubric check, scoring ")
    assert page.judges[1].judge == "claude-x"
    assert (asked.marks, asked.r, asked.words, asked.scored_falsely) == (1, None, 0, 1)
    assert (asked.points, asked.points_exact, asked.met_found) == (1, 0, 0.0)
    assert (local.marks, local.words, local.words_exact, local.withheld_falsely) == (4, 3, 2, 1)
    levels = [{p["title"]: p["level"] for p in row.key_points} for row in rows[:2]]
    exact = 2 * sum(level == "met" for level in levels[0].values())
    exact += (levels[1][READS] == "met") + (levels[1][CACHE] == "missed")
    assert (local.points, local.points_exact) == (8, exact)
    assert local.r is not None and local.r > 0.9
    months = page.judges[0].months
    assert [(month.month, one.marks) for month, one in months if month.month == 11] == [(11, 1)]
    assert {line.what for line in page.points} == {READS, CACHE, CHOICE}
    assert page.question == " ".join(RUBRIC.prompt.split())


def test_the_page_draws_every_judge_and_hides_no_number():
    evaluation = judged()
    for days in (0, 40):
        row = judged()
        moment = clock.now() - timedelta(days=days)
        Evaluation.objects.filter(pk=row.pk).update(finished_at=moment)
        marked(row)
    browser, _ = marker()
    address = reverse("admin:evaluation_agreement")

    shown = browser.get(address).content.decode()
    assert shown.count("<polyline") == 2  # r needs three scores a month
    assert "The word is the marker" in shown and "Show data" in shown
    assert f"?question={evaluation.question_key}" in shown
    one = browser.get(address, {"question": evaluation.question_key}).content.decode()
    assert "By key point" in one and CHOICE in one
    assert "No answer has been marked yet" in browser.get(f"{address}?question=no").content.decode()


def test_marked_answers_are_a_gold_set_that_evaluate_dataset_reads(tmp_path):
    with pytest.raises(CommandError, match="No answer has been marked"):
        call_command("export_marks", tmp_path)
    strong, weak = judged(), judged(answer=PARTIAL)
    nonsense = judged(answer="Cache cache read write cache, redirect.")
    marked(strong, score=9.0), marked(strong, score=8.0, levels={READS: "met", CACHE: "partial"})
    marked(weak, word="partial", score=4.0, levels={READS: "met", CHOICE: "missed"})
    marked(nonsense, word="unscorable", score=None, levels={})

    call_command("export_marks", tmp_path, stdout=StringIO())

    lines = (tmp_path / "labelled.jsonl").read_text().splitlines()
    first, second, third = (json.loads(line) for line in lines)
    assert first["levels"] == {
        f"1:{READS}": "met",
        f"2:{CACHE}": "unlabelled",  # the two disagree
        f"3:{CHOICE}": "met",
    }
    assert (first["quality"], second["quality"]) == ("strong", "middling")
    assert third["should_be_withheld"] and strong.owner.username not in "".join(lines)
    out = StringIO()
    call_command("evaluate_dataset", tmp_path / "graded.jsonl", "--json", stdout=out)
    assert json.loads(out.getvalue())["n"] == 2
    out = StringIO()
    rubrics = ("--rubrics", tmp_path / "rubrics.json")
    call_command("evaluate_dataset", tmp_path / "labelled.jsonl", *rubrics, "--json", stdout=out)
    numbers = json.loads(out.getvalue())
    assert (numbers["n"], numbers["honest"], numbers["order"]["pairs"]) == (3, 2, 1)
    graded = json.loads((tmp_path / "graded.jsonl").read_text())
    assert [answer["score"] for answer in graded["answers"]] == [0.85, 0.4]


def test_words_of_marks_and_objections_are_candidates_unless_they_count_already():
    evaluation = judged(answer=PARTIAL)
    lacking = [p["title"] for p in evaluation.key_points if p["level"] != "met"]
    assert CACHE in lacking and CHOICE in lacking
    marked(
        evaluation,
        levels={CACHE: "met", CHOICE: "missed"},
        wordings={
            CACHE: "web servers behind a balancer",
            CHOICE: "the read path",  # the marker does not credit it
        },
    )
    marked(evaluation, levels={CACHE: "met"}, wordings={CACHE: "web servers behind a balancer"})
    browser = Client()
    browser.force_login(evaluation.owner)
    address = reverse("evaluation:objections", args=[evaluation.pk])
    note = "I said “Several web  servers” and “never said”, which is 'it'."
    browser.post(address, {"point_title": CHOICE, "note": note})

    found = set(WordingCandidate.objects.values_list("point_title", "text", "source"))
    assert found == {
        (CACHE, "web servers behind a balancer", "mark"),
        (CHOICE, "several web servers", "objection"),
    }


def test_what_a_candidate_must_be():
    evaluation = judged(answer=f"{PARTIAL} It is read mostly, I think.")
    Evaluation.objects.filter(pk=evaluation.pk).update(
        key_points=[{**p, "level": "missed"} for p in evaluation.key_points]
    )
    evaluation.refresh_from_db()
    sentence = PARTIAL.split(". ")[1]
    for words in ("read-heavy", "and the", sentence[:200]):  # counts; tells nothing; too long
        marked(evaluation, wordings={READS: words} if words in PARTIAL else {})
    assert not WordingCandidate.objects.exists()


def test_an_objection_is_answered_and_the_learner_reads_it():
    evaluation = judged()
    title = evaluation.key_points[0]["title"]
    learner, staff = Client(), Client()
    learner.force_login(evaluation.owner)
    staff.force_login(staff_with("evaluation.view_objection", "evaluation.change_objection"))
    learner.post(
        reverse("evaluation:objections", args=[evaluation.pk]),
        {"point_title": title, "note": "No."},
    )
    objection = evaluation.objections.get()
    row = reverse("admin:evaluation_objection_change", args=[objection.pk])
    feedback = reverse("evaluation:fragment", args=[evaluation.pk])
    assert "Staff will look at it" in learner.get(feedback).content.decode()

    staff.post(
        reverse("admin:evaluation_objection_changelist"),
        {"action": "resolve", "_selected_action": [objection.pk]},
    )
    assert "Staff have looked at it" in learner.get(feedback).content.decode()
    staff.post(row, {"answer": "You are right: <b> counts now.", "note": "changed"})

    shown = learner.get(feedback).content.decode()
    assert "Staff answered:" in shown and "You are right: &lt;b&gt; counts now." in shown
    objection.refresh_from_db()
    assert objection.note == "No." and objection.resolved_at is not None
    exported = json.dumps(export_everything(evaluation.owner)["evaluation"], default=list)
    assert "You are right: <b> counts now." in exported
