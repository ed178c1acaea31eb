"""The feedback as people see it: words first, and never a number that is not a score."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from common import clock
from evaluation.models import ClaudeSwitch, Evaluation, Objection
from evaluation.providers.errors import Held
from evaluation.selectors.feedback import feedback_of, mark_answer, model_beside
from evaluation.services.queue import claim
from evaluation.services.running import run_evaluation
from evaluation.services.storing import store_failure
from evaluation.types import Arrow, Diagram
from tests.evaluation.factories import GOOD, PARTIAL, RUBRIC, make_evaluation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def web(owner):
    client = Client()
    client.force_login(owner)
    return client


def url(evaluation: Evaluation, action: str = "fragment") -> str:
    return reverse(f"evaluation:{action}", args=[evaluation.pk])


def words_of(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def scored(owner, **options) -> Evaluation:
    evaluation = make_evaluation(owner=owner, now=clock.now(), **options)
    run_evaluation(evaluation_id=evaluation.pk)
    evaluation.refresh_from_db()
    return evaluation


def test_waiting_polls_says_what_happens_and_shows_no_number(owner, web):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    for stage, words in (("", "Waiting for a free moment"), ("reading", "Reading your answer"), ("scoring", "Scoring it against")):  # fmt: skip
        if stage:
            claim(evaluation_id=evaluation.pk, now=clock.now())
            Evaluation.objects.filter(pk=evaluation.pk).update(stage=stage)
        page = web.get(url(evaluation))
        assert words in words_of(page) and "of 10" not in words_of(page)
        assert f'hx-get="{url(evaluation)}"' in page.content.decode()
        assert page["Cache-Control"] == "no-store"


def test_a_scored_one_shows_band_number_provider_points_quotes_and_the_honest_sentence(owner, web):
    evaluation = scored(owner)
    page = web.get(url(evaluation))
    words = words_of(page)
    assert (
        f"{evaluation.band} {evaluation.overall_score} of 10 Local rubric check · 3 of 3 points"
        in words
    )
    assert "It does not check whether statements are true" in words
    assert "Clarify the scope: found" in words and "Scope, load, design" in words
    html = page.content.decode()
    assert "hx-get" not in html and html.count("<mark") >= 3 and "style=" not in html


def test_what_changed_since_the_try_before(owner, web):
    scored(owner, answer=PARTIAL)
    better = scored(owner, answer=GOOD)
    assert "Compared with the try before: +2 points met" in words_of(web.get(url(better)))
    worse = scored(owner, answer=PARTIAL)
    assert "2 lost" in words_of(web.get(url(worse)))


def test_of_several_earlier_tries_the_newest_is_compared(owner):
    for answer in (PARTIAL, PARTIAL, GOOD):
        scored(owner, answer=answer)

    comparison = feedback_of(scored(owner, answer=GOOD)).scored.comparison

    assert (comparison.gained, comparison.lost, comparison.difference) == ((), (), 0)


def test_points_are_numbered_from_one(owner):
    evaluation = scored(owner)

    points = feedback_of(evaluation).scored.points

    assert [point.number for point in points] == list(range(1, len(evaluation.key_points) + 1))


def test_a_point_that_lacks_is_taught_why_a_sentence_and_a_way_to_add_it(owner, web):
    why = "Whoever sizes for writes builds the wrong thing."
    points = (replace(RUBRIC.key_points[0], why=why), *RUBRIC.key_points[1:])
    rubric = replace(RUBRIC, key_points=points, follow_ups=("What if the cache is cold?",))
    lacking = GOOD.replace(
        "The system is read-heavy: there are about a hundred redirect reads for every write, so the "
        "read path decides what I build. That is roughly ten thousand reads per second. ",
        "",
    )
    evaluation = scored(owner, answer=lacking, rubric=rubric)
    page = web.get(url(evaluation))
    words = words_of(page)

    assert evaluation.key_points[0]["level"] == "missed" and evaluation.key_points[0]["why"] == why
    assert f"Next step. Add this: Reads far outnumber writes. {why}" in words
    assert words.count(why) >= 2 and points[0].text in words
    assert points[1].text not in words  # met: nothing to teach
    assert "What if the cache is cold?" in words
    assert page.content.decode().count("data-add-point") == 1


def test_the_model_answer_stands_beside_with_what_is_lacking_named(owner):
    evaluation = scored(owner, answer=PARTIAL)
    lacking = [point["title"] for point in evaluation.key_points if point["level"] != "met"]

    model = model_beside(evaluation)

    assert "".join(part.text for part in model) == RUBRIC.sample_answer
    assert {part.missing for part in model if part.missing} == set(lacking)
    assert model_beside(make_evaluation(owner=owner, now=clock.now())) == ()
    html = render_to_string(
        "evaluation/_beside.html", {"evaluation": evaluation, "answer": evaluation.answer}
    )
    assert html.count("<ins") == len([part for part in model if part.missing])
    assert all(f"[not in yours: {title}]" in html for title in lacking)


def test_withheld_shows_the_reason_the_way_out_and_no_digit(owner, web):
    evaluation = scored(owner, answer=RUBRIC.prompt * 4)
    words = words_of(web.get(url(evaluation)))
    assert "Not scored" in words and "Answer it in your own words to get a score" in words
    assert not re.search(r"\d", words)


def test_failed_says_why_costs_nothing_and_can_be_tried_again(owner, web):
    evaluation = make_evaluation(
        owner=owner,
        now=clock.now(),
        status="failed",
        error="Claude could not be reached.",
        provider="claude",
    )
    words = words_of(web.get(url(evaluation)))
    assert "could not be reached" in words and "costs nothing" in words and "Try again" in words
    assert "Use the local check" in words and not re.search(r"\d", words)
    after = web.post(url(evaluation, "retry"), headers=HTMX)
    assert "Waiting for a free moment" in words_of(after)


@pytest.mark.parametrize(
    ("hold", "words"),
    [
        ("switched_off", "Claude is switched off"),
        ("budget_user", "Your share of Claude is used up for today"),
        ("budget_month", "This month's budget for Claude is used up"),
        ("breaker_open", "Claude failed several times in a row"),
    ],
)
def test_each_hold_says_why_and_what_one_can_do(owner, web, hold, words):
    ClaudeSwitch.objects.create(pk=1, off=hold == "switched_off", note="Back on Monday.")
    evaluation = make_evaluation(owner=owner, now=clock.now(), provider="claude")
    held = claim(evaluation_id=evaluation.pk, now=clock.now())
    store_failure(evaluation=held, error=Held(hold, until=clock.now()), now=clock.now())
    shown = words_of(web.get(url(evaluation))).replace("&#x27;", "'")
    assert words in shown and "Your answer is safe" in shown and "of 10" not in shown
    assert "Use the local check now" in shown and "Cancel" in shown
    assert ("Back on Monday." in shown) == (hold == "switched_off")
    web.post(url(evaluation, "local"), headers=HTMX)
    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"
    assert "Local rubric check" in words_of(web.get(url(evaluation)))


def test_cancel_and_ask_again_without_a_script(owner, web):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    reply = web.post(url(evaluation, "cancel"))
    assert reply.status_code == 302 and reply["Location"] == url(evaluation, "page")
    page = web.get(url(evaluation, "page"))
    assert "You stopped this feedback" in words_of(page)
    away = web.post(url(evaluation, "retry"), headers={"Referer": "https://elsewhere.example/"})
    assert away["Location"] == url(evaluation, "page")


def test_this_is_wrong_is_kept_for_staff_once_a_point(owner, web):
    evaluation = scored(owner)
    title = evaluation.key_points[0]["title"]
    for note in ("I said it.", "I said it twice."):
        page = web.post(
            url(evaluation, "objections"), {"point_title": title, "note": note}, headers=HTMX
        )
    assert "Staff will look at it" in words_of(page)
    assert Objection.objects.get().note == "I said it twice."
    assert web.post(url(evaluation, "objections"), {"point_title": "none"}).status_code == 400


def test_strangers_find_nothing_and_anonymous_are_asked_to_sign_in(owner):
    evaluation = scored(owner)
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(url(evaluation)).status_code == 404
    assert stranger.post(url(evaluation, "retry")).status_code == 404
    assert Client().get(url(evaluation)).status_code == 302


def test_learner_text_is_never_markup(owner, web):
    evaluation = scored(owner, answer=f"{GOOD} <script>alert(1)</script>")
    assert "<script>alert" not in web.get(url(evaluation, "page")).content.decode()


def test_the_board_counts_as_evidence_and_its_gaps_are_named(owner, web):
    answer = (
        "I assume that expiry is out of scope. People ask for a short link and are sent on to the long one. "
        "I would answer with a temporary redirect instead of a permanent one, because browsers keep the "
        "permanent one and then clicks cannot be counted, which the owners of the links would dislike."
    )
    board = Diagram(
        boxes=("Redis with popular codes", "Database", ""),
        arrows=(
            Arrow("Redis with popular codes", "Database", "on a miss, answers"),
            Arrow("Database", None),
        ),
    )
    without = scored(owner, answer=answer)
    evaluation = scored(owner, answer=answer, diagram=board)
    assert (
        without.key_points[1]["level"] == "missed" and evaluation.key_points[1]["level"] != "missed"
    )
    words = words_of(web.get(url(evaluation)))
    assert "On your board: Redis with popular" in words
    assert "1 box without a label" in words and "1 arrow not tied to a box" in words


def test_overlapping_quotes_share_their_stretch_and_wrong_offsets_are_dropped(owner):
    feedback = feedback_of(scored(owner))
    assert "".join(segment.text for segment in feedback.scored.segments) == GOOD
    assert mark_answer("abc", ())[0].text == "abc"


def test_a_sentence_taken_from_the_rubric_is_marked_where_it_is_read(client):
    copied = RUBRIC.key_points[1].text
    row = make_evaluation(owner=UserFactory(), now=clock.now(), answer=f"{PARTIAL} {copied}")
    assert run_evaluation(evaluation_id=row.pk) == "succeeded"
    row.refresh_from_db()
    assert row.key_points[1]["level"] == "missed"
    client.force_login(row.owner)
    page = client.get(reverse("evaluation:page", args=[row.pk])).content.decode()
    assert page.count("[taken from the rubric: earns nothing]") == 1


def test_every_number_says_how_it_came_about(owner, web):
    evaluation = scored(owner)
    words = words_of(web.get(url(evaluation)))
    assert "weak under 2, partial under 5, strong from there" in words
    assert (
        f"{len(evaluation.key_points)} of {len(evaluation.key_points)} met, 0 partly covered"
        in words
    )
    steps = [step for step in evaluation.observations if step["group"] == "framework"]
    found = sum(step["found"] for step in steps)
    assert f"framework steps that can be seen in your text: {found} of {len(steps)}" in words
    assert "60 % key points" not in words


def test_the_other_judge_explains_its_own_number(owner, web):
    evaluation = scored(owner)
    Evaluation.objects.filter(pk=evaluation.pk).update(provider="claude", structure_score=None)
    words = words_of(web.get(url(evaluation)))
    assert "60 % key points, 20 % framework, 20 % structure" in words
    assert "structure steps" not in words


def test_all_points_met_and_a_lower_word_are_not_left_as_a_contradiction(owner, web):
    evaluation = scored(owner)
    sentence = "Every key point is met. The word follows the large number"
    assert evaluation.band == "strong" or sentence in words_of(web.get(url(evaluation)))
    for overall, band, said in ((4.1, "partial", True), (8.0, "strong", False)):
        Evaluation.objects.filter(pk=evaluation.pk).update(overall_score=overall, band=band)
        assert (f"{sentence}, {overall}" in words_of(web.get(url(evaluation)))) is said
    missed = [{**point, "level": "missed"} for point in evaluation.key_points]
    Evaluation.objects.filter(pk=evaluation.pk).update(band="partial", key_points=missed)
    assert sentence not in words_of(web.get(url(evaluation)))
