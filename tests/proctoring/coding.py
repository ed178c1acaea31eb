"""A test with two small questions, for tests of runs and scores."""

from __future__ import annotations

from typing import Any

from sessions_app.assessments.models import Assessment, CodingQuestion, Section
from tests.assessments.factories import AssessmentFactory, CandidateFactory
from tests.proctoring.factories import SessionFactory

ECHO = "print(input())"
PLATES = {"python": "# write here\n", "cpp": "int main() {}\n", "java": "class Main {}\n"}


def make_question(slug: str, **values: Any) -> CodingQuestion:
    """An echo: one sample, hidden cases worth 1 and 3."""
    return CodingQuestion.objects.create(
        **{
            "slug": slug,
            "title": slug.title(),
            "question": "Say it again.",
            "difficulty": "easy",
            "boiler_plate": PLATES,
            "sample_test_cases": [{"input": "hello\n", "output": "hello", "note": "As it came."}],
            "test_cases": [
                {"input": "a\n", "output": "a"},
                {"input": "b\n", "output": "b", "weight": 3},
            ],
            **values,
        }
    )


def make_assessment(*questions: CodingQuestion, points: int = 1, **values: Any) -> Assessment:
    assessment = AssessmentFactory(**values)
    section = Section.objects.create(assessment=assessment, key="main", title="Main")
    for position, question in enumerate(questions):
        section.entries.create(question=question, position=position, points=points)
    return assessment


def make_sitting(*questions: CodingQuestion, answers: Any = None, **values: Any) -> Any:
    """A running test of these questions; `answers` by slug, as code or `{code, language}`."""
    from sessions_app.assessments.selectors.plans import plan_for

    assessment = values.pop("assessment", None) or make_assessment(*questions)
    candidate = values.pop("candidate", None) or CandidateFactory(assessment=assessment)
    by_slug = {question.slug: str(question.pk) for question in questions}
    pending = {by_slug[slug]: value for slug, value in (answers or {}).items()}
    return SessionFactory(
        candidate=candidate, plan=plan_for(candidate), pending_answers=pending, **values
    )
