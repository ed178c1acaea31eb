"""What counts as right output."""

from __future__ import annotations

import pytest

from judge.checkers import Difference, first_difference, is_accepted

CASES = [
    # checker, expected, actual, accepted
    ("lines", "1 2\n3\n", "1 2\n3", True),
    ("lines", "1 2\n3", "1 2  \n3\t\n\n\n", True),
    ("lines", "1 2\n3", "1 2\r\n3\r\n", True),
    ("lines", "1 2", "1  2", False),
    ("lines", "1 2", " 1 2", False),
    ("lines", "1\n2", "1\n\n2", False),
    ("lines", "", "\n \n", True),
    ("lines", "", "0", False),
    ("lines", "a", "A", False),
    ("tokens", "1 2\n3", "1\n2 3", True),
    ("tokens", "1 2", "12", False),
    ("tokens", "1 2", "1 2 3", False),
    ("tokens", "0.5", "0.50", False),
    ("float", "0.5", "0.50", True),
    ("float", "0.333333", "0.3333333333", True),
    ("float", "1000000000", "1000000500", True),
    ("float", "1000000000", "1000002000", False),
    ("float", "0.1", "0.10001", False),
    ("float", "1e-9", "0", True),
    ("float", "5 yes", "5.0 yes", True),
    ("float", "nan", "nan", True),
    ("float", "1", "nan", False),
    ("float", "1", "inf", False),
    ("float", "inf", "1e999", False),
    ("float", "10", "1_0", False),
    ("float", "3", "٣", False),
    ("float", "1", "1" + "e" * 50, False),
]


@pytest.mark.parametrize(("checker", "expected", "actual", "accepted"), CASES)
def test_output_is_compared_as_its_checker_says(checker, expected, actual, accepted):
    assert is_accepted(checker, expected=expected, actual=actual) is accepted
    assert (first_difference(checker, expected=expected, actual=actual) is None) is accepted


def test_the_first_difference_names_its_line():
    assert first_difference("lines", expected="1\n2\n3", actual="1\n5\n3") == Difference(
        2, "2", "5"
    )
    assert first_difference("lines", expected="1\n2", actual="1") == Difference(2, "2", "")
    assert first_difference("lines", expected="1", actual="1\n2") == Difference(2, "", "2")
    assert first_difference("float", expected="1.0\n2", actual="1\n9") == Difference(2, "2", "9")


def test_a_thousand_digits_are_no_reason_to_fail():
    assert not is_accepted("float", expected="1", actual="9" * 5000)
