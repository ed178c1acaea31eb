"""Numbers of a set follow from its assumptions, or the author is told which one does not."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from practice.bank_files import read_bank
from practice.bank_numbers import (
    NotAFormula,
    StatedNumber,
    amount_of,
    evaluate,
    number_problems,
)
from tests.practice.test_load_question_bank import write

TEXT = "Five million players make 290 updates per second\nand 500 MB, a peak of 1,500."


@pytest.mark.parametrize(
    ("phrase", "amount"),
    [
        ("290/s", 290),
        ("2.5 GB a day", 2.5e9),
        ("35,000 reads", 35_000),
        ("about two billion", 2e9),
        ("half a billion", 5e8),
        ("twenty-five", 20),
        ("99.9 %", 0.999),
        ("40k", 40_000),
        ("5 minutes", 5),
        ("7 kilos", 7),
        ("nothing", None),
        ("someone often", None),
    ],
)
def test_the_first_number_of_a_wording_is_read_with_its_scale(phrase, amount):
    assert amount_of(phrase) == (amount if amount is None else pytest.approx(amount))


def test_formulas_are_arithmetic_over_known_names_and_nothing_else():
    assert evaluate("(players * 5 - 10) / 2 ** 3", {"players": 10.0}) == 5
    for formula in (
        "open('x')",
        "players.__class__",
        "unknown + 1",
        "1 / 0",
        "'a' * 3",
        "True + 1",
        "9 ** 9 ** 9",
        "1 +",
        "[1][0]",
    ):
        with pytest.raises(NotAFormula):
            evaluate(formula, {"players": 10.0})


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (StatedNumber("a", "5e6", ("Five million players",)), None),
        (StatedNumber("a", "5e6 * 5 / day", ("290 updates per second and",)), None),
        (StatedNumber("a", "5e6 * 6 / day", ("290 updates per second",)), "is 347.222"),
        (StatedNumber("a", "5e6 * 6 / day", ("290 updates per second",), 0.2), None),
        (StatedNumber("a", "290", ("290 updates a day",)), "no text says “290 updates a day”"),
        (StatedNumber("a", "290", ("updates per second",)), "holds no number"),
        (StatedNumber("a", "players", ("290",)), "not among the names above"),
        (StatedNumber("a", "500", ("500 MB",)), "but 500 is 500"),
    ],
)
def test_a_wording_that_does_not_follow_is_named(number, problem):
    found = list(number_problems((number,), TEXT))
    assert found == [] if problem is None else problem in found[0]


def test_the_check_names_the_set_and_reads_later_lines_with_earlier_names(tmp_path):
    numbers = {
        "all_reads": {"is": "2 * day", "said": []},
        "half": {"is": "all_reads / 2", "said": ["in scope"]},
    }
    write(tmp_path, numbers=numbers)
    write(tmp_path, "design-y")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_question_bank", root=tmp_path, stdout=out)
    assert "design-x: [numbers] half: “in scope” holds no number" in out.getvalue()
    assert "design-y: [numbers] states no numbers to compute" in out.getvalue()


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (["x"], "numbers: must hold names"),
        ({"a b": {"is": 1}}, "numbers.a b: must be a plain name"),
        ({"a": {"said": ["1"]}}, "numbers.a: must be a plain name that holds `is`"),
        ({"a": {"is": 1, "about": 2}}, "numbers.a.about: is not a field that we know"),
        ({"a": {"is": 1, "within": 2}}, "numbers.a.within: must be a share"),
    ],
)
def test_numbers_of_the_wrong_shape_are_named(tmp_path, numbers, message):
    write(tmp_path, numbers=numbers)
    assert message in "\n".join(str(problem) for problem in read_bank(tmp_path).problems)
