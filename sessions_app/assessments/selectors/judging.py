"""What an answer to a coding question is judged by (`judge.specs`)."""

from __future__ import annotations

from typing import Any

from judge.specs import Case, CaseSpec, RunLimits
from sessions_app.assessments.models import CodingQuestion


def sample_spec(question: CodingQuestion) -> CaseSpec:
    """Its samples: they weigh nothing, and candidates see what came of them."""
    cases = tuple(
        Case(input=case["input"], output=case["output"], note=case.get("note", ""))
        for case in question.sample_test_cases
    )
    return CaseSpec(cases, limits_of(question))


def custom_spec(question: CodingQuestion, text: str) -> CaseSpec:
    """One's own input, with the limits of the question; there is nothing to be right about."""
    return CaseSpec((Case(input=text),), limits_of(question))


def hidden_spec(question: CodingQuestion) -> CaseSpec:
    """The cases that score."""
    return CaseSpec(tuple(map(hidden_case, question.test_cases)), limits_of(question))


def hidden_case(case: dict[str, Any]) -> Case:
    weight = case.get("weight", 1)
    if "generate" in case:
        recipe = {"generate": case["generate"], "args": case.get("args", [])}
        return Case(weight=weight, hidden=True, made_by=recipe)
    return Case(input=case["input"], output=case["output"], weight=weight, hidden=True)


def limits_of(question: CodingQuestion) -> RunLimits:
    return RunLimits(
        cpu_seconds=question.cpu_seconds,
        memory_mib=question.memory_mib,
        output_bytes=question.output_kib * 1024,
        checker=question.checker,  # type: ignore[arg-type]  # its choices are the checkers
        factors=question.factors,
    )
