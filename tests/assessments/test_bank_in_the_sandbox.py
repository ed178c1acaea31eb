"""Every shipped question in the real sandbox: its solutions, faulty copies and boiler plates."""

from __future__ import annotations

import pytest

from judge.engines.local import LocalEngine
from judge.services.running import run_program
from judge.types import LANGUAGES
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.selectors.judging import sample_spec
from sessions_app.assessments.services.bank_lint import lint_question
from sessions_app.assessments.services.coding_bank import bank_files, read_question
from sessions_app.proctoring.selectors.trial import toy_question
from tests.judge.running import needs

FILES = bank_files()
# The boiler plate prints the first number; this makes the largest of it.
MENDED = {
    "python": ("numbers[0]", "max(numbers)"),
    "javascript": ("numbers[0]", "Math.max(...numbers)"),
    "java": ("numbers.get(0)", "Collections.max(numbers)"),
    "cpp": ("numbers[0]", "*std::max_element(numbers.begin(), numbers.end())"),
}

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_solutions_are_fast_the_naive_one_is_too_slow_and_five_faulty_copies_fail(path):
    needs("python")
    needs("cpp")
    report = lint_question(read_question(path), engine=LocalEngine())
    assert report.faults == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_boiler_plate_runs(language):
    needs(language)
    ends = {}
    for path in FILES:
        content = read_question(path)
        question = CodingQuestion(sample_test_cases=content["sample_test_cases"])
        plate = content["boiler_plate"][language]
        judged = run_program(LocalEngine(), sample_spec(question), language=language, source=plate)
        ends[path.stem] = judged.verdict
    assert set(ends.values()) <= {"wrong_answer", "accepted"}, ends


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_of_the_practice_room_fails_one_sample_until_it_is_mended(language):
    needs(language)
    toy = toy_question()
    plate, spec = toy.boiler_plate[language], sample_spec(toy)
    program = plate.replace(*MENDED[language]).replace(
        "<iostream>", "<algorithm>\n#include <iostream>"
    )
    first, mended = (
        run_program(LocalEngine(), spec, language=language, source=source)
        for source in (plate, program)
    )
    assert [case.verdict for case in first.results] == ["wrong_answer", "accepted"]
    assert mended.verdict == "accepted"
