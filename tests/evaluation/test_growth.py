"""The work of the local check, and of Markdown, grows with the text: counted, not timed."""

from __future__ import annotations

import random
import re

import pytest

from common.markdown import render_markdown
from evaluation.local.coverage import TypoIndex, differs_by_a_typo
from evaluation.local.evaluator import evaluate
from evaluation.local.reading import _is_code
from evaluation.types import Arrow, Diagram
from tests.counting import growth
from tests.evaluation.factories import GOOD, RUBRIC

LETTERS = "abcdefghijklmnop"


def good(n):
    return "\n".join(GOOD.replace("I would", f"I would in case {i}") for i in range(n // 60 + 1))


def new_words(n):
    dice = random.Random(n)
    return " ".join("".join(dice.choices(LETTERS, k=8)) for _ in range(n))


def short_lines(n):
    return "cache redirect\n" * n


def one_line_of_code(n):
    return "= ( " * n + "x"


def quotes(n):
    return '."' * n


@pytest.mark.parametrize(
    "text_of", [good, new_words, short_lines, one_line_of_code, quotes], ids=lambda t: t.__name__
)
def test_the_local_check_grows_with_the_answer(text_of):
    def work_of(n):
        text = text_of(n)
        return lambda: evaluate(RUBRIC, text)

    twice, four_times = growth(work_of, 400)

    assert twice < 2.3
    assert four_times < 4.6


def test_the_local_check_grows_with_the_board():
    def work_of(n):
        boxes = tuple(f"Service {i}" for i in range(n))
        arrows = tuple(Arrow(box, "Cache", "reads") for box in boxes)
        return lambda: evaluate(RUBRIC, GOOD, diagram=Diagram(boxes, arrows, boxes))

    assert growth(work_of, 200)[1] < 4.6


@pytest.mark.parametrize(
    "piece", ["*a ", "[a](b) ", "> ", "- a\n", "`", "|a|b|\n", "![", "~~a ", "<a "], ids=repr
)
def test_markdown_grows_with_the_text(piece):
    twice, four_times = growth(lambda n: lambda: render_markdown(piece * n), 250)

    assert four_times < 5.5


def test_near_twins_are_those_that_a_comparison_with_each_finds():
    dice = random.Random(7)
    stems = {"".join(dice.choices("abc", k=dice.randint(3, 8))) for _ in range(400)} | {"a1bcde"}
    similar = TypoIndex(stems)

    for stem in [*stems, "abcabc", "aabbc"]:
        assert similar.of(stem) == {other for other in stems if differs_by_a_typo(stem, other)}


def test_lines_of_code_are_those_that_the_pattern_found():
    former = re.compile(
        r"""^\s*(?:[{}\]]|<[/a-zA-Z!]|//|\#include|(?:def|class|import|return|func|function|const|let|var
            |public|private|SELECT|INSERT|CREATE|UPDATE)\b.*[(){};=*]|"\w+"\s*:)|[=(].*;\s*$|[{]\s*$""",
        re.VERBOSE,
    )
    dice = random.Random(3)
    parts = ["x", " ", "=", "(", ";", "{", "}", '"a":', "def f", "return", "//", "<a", "\t", "y"]
    for _ in range(3000):
        line = "".join(dice.choices(parts, k=dice.randint(0, 7))) + dice.choice(["", "\n"])
        assert _is_code(line) == bool(former.search(line)), line
