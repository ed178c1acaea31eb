"""The peer's tables: the same rows as Etude's, as its source documents lay them out."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Moment = TIMESTAMP(timezone=True)


class Base(DeclarativeBase):
    type_annotation_map = {
        datetime: Moment,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        uuid.UUID: UUID(as_uuid=True),
    }


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_staff: Mapped[bool] = mapped_column(default=False)
    plan: Mapped[str] = mapped_column(default="free")
    timezone: Mapped[str] = mapped_column(default="UTC")
    theme: Mapped[str] = mapped_column(default="system")


class Candidate(Base):
    __tablename__ = "candidate"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    token_version: Mapped[int] = mapped_column(default=1)


class ProctoredSession(Base):
    __tablename__ = "test_session"
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    test_start_time: Mapped[datetime]
    test_duration_minutes: Mapped[int] = mapped_column(default=60)
    last_heartbeat: Mapped[datetime | None]
    last_activity: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default="active", index=True)
    completion_method: Mapped[str | None]
    completed_at: Mapped[datetime | None]
    sections_completed: Mapped[list[Any]] = mapped_column(default=list)
    pending_answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class NaiveSession(Base):
    """A test as select-then-insert makes it: nothing but the look before guards against two."""

    __tablename__ = "naive_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    test_start_time: Mapped[datetime]
    test_duration_minutes: Mapped[int]
    last_heartbeat: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="active")
    sections_completed: Mapped[list[Any]] = mapped_column(default=list)
    pending_answers: Mapped[dict[str, Any]] = mapped_column(default=dict)


class QuestionMain(Base):
    __tablename__ = "question_main"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    category: Mapped[str] = mapped_column(index=True)
    difficulty: Mapped[str]
    minutes: Mapped[int]
    summary: Mapped[str] = mapped_column(Text)
    questions: Mapped[list[Question]] = relationship(back_populates="question_main")


class Question(Base):
    __tablename__ = "question"
    id: Mapped[int] = mapped_column(primary_key=True)
    question_main_id: Mapped[int] = mapped_column(ForeignKey("question_main.id"), index=True)
    order: Mapped[int]
    title: Mapped[str]
    prompt: Mapped[str] = mapped_column(Text)
    framework_name: Mapped[str]
    framework_steps: Mapped[list[Any]]
    key_points: Mapped[list[Any]]
    sample_answer: Mapped[str] = mapped_column(Text)
    question_main: Mapped[QuestionMain] = relationship(back_populates="questions")


class InterviewSession(Base):
    __tablename__ = "practice_sessions"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    category_filter: Mapped[str | None]
    mode: Mapped[str]
    timer_minutes: Mapped[int | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    questions_count: Mapped[int] = mapped_column(default=0)
    avg_score: Mapped[float | None]
    deadline: Mapped[datetime | None]
    __table_args__ = (Index("idx_session_user", "user_id", "started_at"),)


class Evaluation(Base):
    """`input` is the snapshot to be judged; a worker would take queued rows from here."""

    __tablename__ = "evaluation"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    status: Mapped[str] = mapped_column(default="queued", index=True)
    provider: Mapped[str] = mapped_column(default="local")
    input: Mapped[dict[str, Any]]
    band: Mapped[str] = mapped_column(default="")
    overall_score: Mapped[float | None]
    framework_score: Mapped[float | None]
    structure_score: Mapped[float | None]
    completeness_score: Mapped[float | None]
    strengths: Mapped[list[Any]] = mapped_column(default=list)
    improvements: Mapped[list[Any]] = mapped_column(default=list)
    key_points: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class Attempt(Base):
    __tablename__ = "practice_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("practice_sessions.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation.id"))
    answer_text: Mapped[str] = mapped_column(Text)
    time_spent_sec: Mapped[int | None]
    overall_score: Mapped[float | None]
    framework_score: Mapped[float | None]
    structure_score: Mapped[float | None]
    completeness_score: Mapped[float | None]
    strengths: Mapped[str | None]
    improvements: Mapped[str | None]
    suggested_framework: Mapped[str | None]
    example_point: Mapped[str | None]
    late_by_sec: Mapped[int] = mapped_column(default=0)
    self_rating: Mapped[int | None]
    created_at: Mapped[datetime]
    evaluation: Mapped[Evaluation | None] = relationship(lazy="raise")
    __table_args__ = (Index("idx_session_created", "session_id", "created_at"),)


class InterviewDraft(Base):
    __tablename__ = "interview_drafts"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("practice_sessions.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    answer_text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime]
    __table_args__ = (Index("one_interview_draft", "session_id", "question_id", unique=True),)


class PracticeMain(Base):
    __tablename__ = "practice_main"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    question_main_id: Mapped[int] = mapped_column(ForeignKey("question_main.id"))
    status: Mapped[str] = mapped_column(default="practicing")
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    question_main: Mapped[QuestionMain] = relationship(lazy="raise")
    practices: Mapped[list[Practice]] = relationship(lazy="raise", order_by="Practice.order")
    __table_args__ = (Index("idx_practice_user", "user_id", "question_main_id"),)


class Practice(Base):
    __tablename__ = "practice"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("practice_main.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    order: Mapped[int]
    title: Mapped[str]
    prompt: Mapped[str] = mapped_column(Text)
    answer_text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None]
    question: Mapped[Question] = relationship(lazy="raise")
    submissions: Mapped[list[Submission]] = relationship(
        lazy="raise", order_by="Submission.number.desc()"
    )


class Submission(Base):
    __tablename__ = "submission"
    id: Mapped[int] = mapped_column(primary_key=True)
    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id"), index=True)
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation.id"))
    number: Mapped[int]
    answer_text: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime]
    evaluation: Mapped[Evaluation | None] = relationship(lazy="raise")


class PracticeLog(Base):
    """For the streak in the app bar."""

    __tablename__ = "practice_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    date_practiced: Mapped[str]
    __table_args__ = (Index("idx_log_user", "user_id", "date_practiced"),)
