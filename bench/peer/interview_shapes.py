"""What the peer's interview endpoints take and answer."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class SessionIn(BaseModel):
    id: uuid.UUID | None = None
    mode: Literal["standard", "timed", "rapid_fire", "mock"] = "standard"
    category_filter: str | None = None
    timer_minutes: int | None = Field(default=None, ge=1, le=60)


class SessionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: uuid.UUID
    user_id: int
    category_filter: str | None
    mode: str
    timer_minutes: int | None
    started_at: datetime
    ended_at: datetime | None
    questions_count: int
    avg_score: float | None
    deadline: datetime | None


class AttemptIn(BaseModel):
    question_id: int
    answer_text: str = Field(min_length=50, max_length=50_000)
    time_spent_sec: int | None = Field(default=None, ge=0, le=86_400)
    self_rating: int | None = Field(default=None, ge=1, le=5)


class EvaluationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    status: str


class AttemptOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    question_id: int
    session_id: uuid.UUID
    answer_text: str
    time_spent_sec: int | None
    overall_score: float | None
    framework_score: float | None
    structure_score: float | None
    completeness_score: float | None
    strengths: str | None
    improvements: str | None
    suggested_framework: str | None
    example_point: str | None
    evaluation: EvaluationOut | None
    late_by_sec: int
    self_rating: int | None
    created_at: datetime


class QuestionOut(BaseModel):
    question_id: int
    title: str
    prompt: str
    category: str
    framework: dict[str, Any]


class NextOut(BaseModel):
    question: QuestionOut | None
