"""Shapes of what the API answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from common.clock import iso
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.selectors.plans import PlannedSection
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.selectors.sessions import beat_of, is_overdue
from sessions_app.proctoring.states import Method, Status


@extend_schema_serializer(component_name="TestSession")
class SessionOutput(serializers.Serializer):
    """The schema of `session_body`."""

    candidate_id = serializers.UUIDField()
    test_start_time = serializers.DateTimeField()
    test_duration_minutes = serializers.IntegerField()
    last_heartbeat = serializers.DateTimeField(allow_null=True)
    last_activity = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(Status.choices)
    completion_method = serializers.ChoiceField(Method.choices, allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    sections_completed = serializers.ListField(child=serializers.CharField())
    pending_answers = serializers.DictField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField()
    left_at = serializers.DateTimeField(allow_null=True)
    voided_at = serializers.DateTimeField(allow_null=True)


def session_body(session: ProctoredSession, beat: SessionBeat | None = None) -> dict[str, Any]:
    """A test as the document shows it; while it is active the stamps are those of its beats."""
    stamps = beat or beat_of(session) or session
    return {
        "candidate_id": str(session.pk),
        "test_start_time": iso(session.test_start_time),
        "test_duration_minutes": session.test_duration_minutes,
        "last_heartbeat": iso(stamps.last_heartbeat),
        "last_activity": iso(stamps.last_activity),
        "status": session.status,
        "completion_method": session.completion_method,
        "completed_at": iso(session.completed_at),
        "sections_completed": session.sections_completed,
        "pending_answers": session.pending_answers,
        "created_at": iso(session.created_at),
        "updated_at": iso(session.updated_at),
        "deadline": iso(session.deadline),
        "left_at": iso(session.left_at),
        "voided_at": iso(session.voided_at),
    }


def list_row(session: ProctoredSession, *, now: datetime) -> dict[str, Any]:
    """A row of the staff lists: who it is instead of every answer."""
    body = session_body(session)
    del body["pending_answers"]
    candidate = session.candidate
    return {
        **body,
        "answers_count": len(session.pending_answers),
        "candidate": {"name": candidate.name, "email": candidate.email},
        "overdue": is_overdue(session, now=now),
    }


def question_body(question: CodingQuestion) -> dict[str, Any]:
    """A question as a candidate may see it: never the hidden cases or the solution."""
    return {
        "uuid": str(question.pk),
        "question_id": str(question.pk),
        "title": question.title,
        "question": question.question,
        "sample_test_cases": question.sample_test_cases,
        "boiler_plate": question.boiler_plate,
        "difficulty": question.difficulty,
        "tags": question.tags,
    }


def sections_body(sections: list[PlannedSection]) -> list[dict[str, Any]]:
    return [
        {
            "key": section.key,
            "title": section.title,
            "questions": [question_body(question) for question in section.questions],
        }
        for section in sections
    ]
