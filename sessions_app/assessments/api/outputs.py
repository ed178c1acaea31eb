"""What the API says of candidates and questions: each class is the JSON and its schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from rest_framework import serializers

from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.selectors.plans import PlannedSection


@dataclass(frozen=True)
class InvitationOutput:
    candidate_id: UUID
    id: UUID
    access_token: str
    start_url: Annotated[str, serializers.URLField()]
    success: bool = True


@dataclass(frozen=True)
class CodingQuestionOutput:
    """A question as a candidate may see it: never the hidden cases or the solution."""

    uuid: UUID
    question_id: UUID
    title: str
    question: str
    sample_test_cases: list[dict[str, str]]
    boiler_plate: dict[str, str]
    difficulty: str
    tags: list[str]

    @classmethod
    def of(cls, question: CodingQuestion) -> Self:
        return cls(
            uuid=question.pk,
            question_id=question.pk,
            title=question.title,
            question=question.question,
            sample_test_cases=question.sample_test_cases,
            boiler_plate=question.boiler_plate,
            difficulty=question.difficulty,
            tags=question.tags,
        )


@dataclass(frozen=True)
class SittingSectionOutput:
    key: str
    title: str
    questions: list[CodingQuestionOutput]

    @classmethod
    def of(cls, section: PlannedSection) -> Self:
        questions = [CodingQuestionOutput.of(question) for question in section.questions]
        return cls(section.key, section.title, questions)
