"""The author's lint: the shipped bank passes, and each kind of mistake is named."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluation.local.lint import bank_vocabulary, lint_choices, lint_question
from evaluation.types import KeyPoint, Step
from tests.evaluation.factories import GOOD, PARTIAL
from tests.evaluation.factories import RUBRIC as UNTAUGHT

RUBRIC = replace(
    UNTAUGHT,
    key_points=tuple(replace(point, why="It decides.") for point in UNTAUGHT.key_points),
    follow_ups=("What then?", "And if not?"),
)
WRONG = (
    "Writing new links is what costs most, because people shorten far more often than they click. "
    "So I would buy the fastest disks for the writes and leave the rest as it is. Nobody notices "
    "a slow page, and if they do, they will simply come back tomorrow and try it again then."
)
CASES = {"good": GOOD, "partial": PARTIAL, "wrong": WRONG}


def checks_of(rubric, cases=CASES) -> set[str]:
    return {
        p.check for p in lint_question(rubric, cases=cases, vocabulary=bank_vocabulary([rubric]))
    }


def test_the_shipped_bank_can_be_judged_fairly():
    out = StringIO()
    call_command("check_question_bank", stdout=out)
    assert "no problems" in out.getvalue()


def test_a_sound_question_has_no_problem():
    assert checks_of(RUBRIC) == set()


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"sample_answer": "It depends on the numbers that I would ask for."}, "sample"),
        ({"sample_answer": ""}, "sample"),
        ({"key_points": ()}, "key_points"),
        (
            {"key_points": (*RUBRIC.key_points, KeyPoint("Thin", "Shorten links."))},
            "key_point_thin",
        ),
        ({"key_points": (*RUBRIC.key_points, RUBRIC.key_points[1])}, "key_points"),
        (
            {"key_points": (*RUBRIC.key_points, replace(RUBRIC.key_points[1], title="Again"))},
            "key_points_overlap",
        ),
        ({"structure_steps": (Step("No cues"),)}, "cues"),
        ({"key_points": UNTAUGHT.key_points}, "why"),
        ({"follow_ups": ("What then?",)}, "follow_ups"),
    ],
)
def test_each_mistake_of_an_author_is_named(change, check):
    assert check in checks_of(replace(RUBRIC, **change))


def test_regression_answers_must_be_there_and_in_order():
    assert "cases" in checks_of(RUBRIC, cases={"good": GOOD})
    assert "cases" in checks_of(RUBRIC, cases={"good": PARTIAL, "partial": GOOD, "wrong": WRONG})
    assert "cases" in checks_of(RUBRIC, cases={**CASES, "good": RUBRIC.prompt * 4})


def test_a_point_of_an_open_question_names_no_choice_of_the_sample():
    sample = "I focus on nurses, who take notes by hand. A small printer at the bed helps them."
    fair = KeyPoint("One group", "One group is chosen and the choice has a reason.")
    rubric = replace(RUBRIC, sample_answer=sample, key_points=(fair,))
    choices = ("nurses", "notes by hand", "printer")
    assert lint_choices(rubric, choices) == []

    for unfair in (
        KeyPoint("One group", "A nurse is chosen, who has no time."),
        KeyPoint("Printers", "A thing that stands at the bed."),
    ):
        (problem,) = lint_choices(replace(rubric, key_points=(fair, unfair)), choices)
        assert problem.check == "key_point_choice" and unfair.title in problem.message
    assert [p.check for p in lint_choices(rubric, choices[:2])] == ["choices"]
    assert [p.check for p in lint_choices(rubric, (*choices, "a robot"))] == ["choices"]


def test_the_command_names_the_question_and_fails(tmp_path):
    (tmp_path / "broken.yaml").write_text("slug: broken\nkind: design\n")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_question_bank", root=tmp_path, stdout=out)
    assert "broken.yaml" in out.getvalue()
