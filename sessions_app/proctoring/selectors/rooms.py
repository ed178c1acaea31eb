"""What the candidate's page shows: before, during or after the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from common.clock import iso
from common.markdown import render_markdown
from sessions_app.assessments.models import Candidate, CodingQuestion
from sessions_app.assessments.selectors.plans import (
    PICK_TITLE,
    languages_of,
    minutes_for,
    sections_of,
)
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.selectors.answers import Answer, answers_of
from sessions_app.proctoring.states import Status


@dataclass(frozen=True)
class Sample:
    input: str
    output: str
    note: SafeString


@dataclass(frozen=True)
class RoomQuestion:
    number: int
    question: CodingQuestion
    html: SafeString
    samples: list[Sample]


@dataclass(frozen=True)
class RoomSection:
    key: str
    title: str
    questions: list[RoomQuestion]


@dataclass(frozen=True)
class Room:
    """`stage` is before, running or after; `data` is what the page's script starts from."""

    stage: str
    title: str
    minutes: int
    introduction: SafeString
    session: ProctoredSession | None = None
    sections: list[RoomSection] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    received: list[Answer] = field(default_factory=list)


def room_of(candidate: Candidate, *, now: datetime) -> Room:
    session = ProctoredSession.objects.filter(pk=candidate.pk).first()
    stage = _stage(session, now=now)
    sections = _sections(session) if session and stage == "running" else []
    return Room(
        stage=stage,
        title=candidate.assessment.title if candidate.assessment else PICK_TITLE,
        minutes=_minutes(candidate, session),
        introduction=render_markdown(
            candidate.assessment.introduction if candidate.assessment else ""
        ),
        session=session,
        sections=sections,
        data=_data(candidate, session, sections, now=now),
        received=answers_of(session) if session and stage == "after" else [],
    )


def _stage(session: ProctoredSession | None, *, now: datetime) -> str:
    if session is None:
        return "before"
    if session.voided_at or session.status == Status.COMPLETED:
        return "after"
    over = session.status == Status.ABANDONED and now > session.deadline
    return "after" if over else "running"


def _minutes(candidate: Candidate, session: ProctoredSession | None) -> int:
    return session.test_duration_minutes if session else minutes_for(candidate)


def _sections(session: ProctoredSession) -> list[RoomSection]:
    number, sections = 0, []
    for planned in sections_of(session.plan):
        questions = []
        for question in planned.questions:
            number += 1
            questions.append(_question(number, question))
        sections.append(RoomSection(planned.key, planned.title, questions))
    return sections


def _question(number: int, question: CodingQuestion) -> RoomQuestion:
    samples = [_sample(case) for case in question.sample_test_cases]
    return RoomQuestion(number, question, render_markdown(question.question), samples)


def _sample(case: dict[str, str]) -> Sample:
    note = render_markdown(case.get("note", ""))
    return Sample(case.get("input", ""), case.get("output", ""), note)


def _data(
    candidate: Candidate,
    session: ProctoredSession | None,
    sections: list[RoomSection],
    *,
    now: datetime,
) -> dict[str, Any]:
    return {
        "candidate_id": str(candidate.pk),
        "server_time": iso(now),
        "deadline": iso(session.deadline) if session else None,
        "answers": session.pending_answers if session else {},
        "sections_completed": session.sections_completed if session else [],
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "questions": [_question_data(entry) for entry in section.questions],
            }
            for section in sections
        ],
    }


def _question_data(entry: RoomQuestion) -> dict[str, Any]:
    return {
        "id": str(entry.question.pk),
        "number": entry.number,
        "title": entry.question.title,
        "languages": languages_of(entry.question),
        "boiler_plate": entry.question.boiler_plate,
    }
