"""What the API says of tests: each class is the JSON and its schema."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from rest_framework import serializers

from sessions_app.assessments.api.outputs import SittingSectionOutput
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.selectors.sessions import Analytics, beat_of, is_overdue
from sessions_app.proctoring.services.answers import Saved
from sessions_app.proctoring.states import Method, Status


@dataclass(frozen=True, kw_only=True)
class SittingFields:
    """A test; while it is active the stamps are those of its beats."""

    candidate_id: UUID
    test_start_time: datetime
    test_duration_minutes: int
    last_heartbeat: datetime | None
    last_activity: datetime | None
    status: Annotated[str, Status]
    completion_method: Annotated[str | None, Method]
    completed_at: datetime | None
    sections_completed: list[str]
    created_at: datetime
    updated_at: datetime
    deadline: datetime
    left_at: datetime | None
    voided_at: datetime | None

    @classmethod
    def of(cls, session: ProctoredSession, beat: SessionBeat | None = None, **more: Any) -> Self:
        values = {field.name: getattr(session, field.name) for field in fields(SittingFields)}
        stamps = beat or beat_of(session) or session
        values["last_heartbeat"] = stamps.last_heartbeat
        values["last_activity"] = stamps.last_activity
        return cls(**values, **more)


@dataclass(frozen=True, kw_only=True)
class SittingOutput(SittingFields):
    """`answers_version` grows with each save; `writers`: `{key: [tab, sequence, version]}` of the
    save that wrote an answer last."""

    pending_answers: dict[str, Any]
    answers_version: int
    writers: dict[str, list[Any]]

    @classmethod
    def of(cls, session: ProctoredSession, beat: SessionBeat | None = None, **more: Any) -> Self:
        names = ("pending_answers", "answers_version", "writers")
        return super().of(session, beat, **{name: getattr(session, name) for name in names})


@dataclass(frozen=True)
class CandidateNameOutput:
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class SittingRowOutput(SittingFields):
    """A test in the lists of staff: with its candidate instead of the answers."""

    answers_count: int
    candidate: CandidateNameOutput
    overdue: bool

    @classmethod
    def at(cls, now: datetime, session: ProctoredSession) -> Self:
        return cls.of(
            session,
            answers_count=len(session.pending_answers),
            candidate=CandidateNameOutput(session.candidate.name, session.candidate.email),
            overdue=is_overdue(session, now=now),
        )


@dataclass(frozen=True, kw_only=True)
class Reply:
    """In every response about one test: the page sets its clock by it."""

    success: bool = True
    server_time: datetime


@dataclass(frozen=True, kw_only=True)
class SittingReplyOutput(Reply):
    session: SittingOutput


@dataclass(frozen=True, kw_only=True)
class LiveReply(Reply):
    deadline: datetime
    answers_version: int
    status: Annotated[str, Status] = Status.ACTIVE


@dataclass(frozen=True, kw_only=True)
class SittingStateOutput(LiveReply):
    completion_method: Annotated[str | None, Method]
    completed_at: datetime | None

    @classmethod
    def of(cls, session: ProctoredSession, *, now: datetime) -> Self:
        names = ("status", "completion_method", "completed_at", "deadline", "answers_version")
        return cls(**{name: getattr(session, name) for name in names}, server_time=now)


@dataclass(frozen=True, kw_only=True)
class HeartbeatOutput(LiveReply):
    last_heartbeat: datetime
    other_tab: bool


@dataclass(frozen=True, kw_only=True)
class ActivityOutput(LiveReply):
    last_activity: datetime


@dataclass(frozen=True, kw_only=True)
class SavedAnswersOutput(LiveReply):
    """The merged state, and what the save replaced of another tab's answers."""

    sections_completed: list[str]
    pending_answers: dict[str, Any]
    replaced: dict[str, Any]

    @classmethod
    def of(cls, saved: Saved, *, now: datetime) -> Self:
        names = ("status", "deadline", "sections_completed", "pending_answers", "answers_version")
        values = {name: getattr(saved.session, name) for name in names}
        return cls(**values, replaced=saved.replaced, server_time=now)


@dataclass(frozen=True, kw_only=True)
class EventsOutput(Reply):
    accepted: int


@dataclass(frozen=True, kw_only=True)
class SittingQuestionsOutput(Reply):
    sections: list[SittingSectionOutput]


@dataclass(frozen=True)
class SittingListOutput:
    sessions: list[SittingRowOutput]
    next: Annotated[str | None, serializers.URLField(allow_null=True)]
    success: bool = True


@dataclass(frozen=True)
class SittingAnalyticsOutput(Analytics):
    success: bool = True
