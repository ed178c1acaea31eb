"""What learners read is spelled the American way; what stands for other people's words is not."""

from __future__ import annotations

import pytest

from practice.bank_files import read_bank
from practice.bank_spelling import british_spellings, spelling_problems
from tests.practice.test_load_question_bank import QUESTION, write


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("behaviour", "behavior"),
        ("Neighbouring", "Neighboring"),
        ("centre", "center"),
        ("kilometres", "kilometers"),
        ("defence", "defense"),
        ("analysed", "analyzed"),
        ("authorisation", "authorization"),
        ("cancelled", "canceled"),
        ("judgement", "judgment"),
        ("fulfil", "fulfill"),
        ("amongst", "among"),
        ("whilst", "while"),
        ("grey", "gray"),
    ],
)
def test_british_words_are_found_with_their_american_spelling(british, american):
    assert list(british_spellings(f"The {british}, then.")) == [(british, american)]


def test_american_words_and_others_that_look_alike_are_left():
    text = (
        "Four hours of our colored neighbors; otherwise a precise exercise, advertised: "
        "cancellation, controlled, modeled, meter, fulfilled, tired, programmed, hence, fence."
    )
    assert list(british_spellings(text)) == []


def test_wordings_and_regression_answers_may_be_british(tmp_path):
    point = {"title": "T", "text": "Of one color.", "aliases": ["colour"]}
    british = {"good": "a colour", "partial": "grey", "wrong": "centre"}
    write(tmp_path, questions=[{**QUESTION, "key_points": [point], "cases": british}])
    write(tmp_path, "design-y", questions=[{**QUESTION, "prompt": "Which colour?"}])

    fine, wrong = read_bank(tmp_path).sets
    assert list(spelling_problems(fine)) == []
    assert list(spelling_problems(wrong)) == [
        "design-y/scope: [spelling] “colour” is “color” in American English."
    ]
