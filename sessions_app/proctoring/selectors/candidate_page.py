"""What the candidate's room shows: before, during or after the test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.utils.safestring import SafeString

from common.clock import iso
from common.markdown import render_markdown
from sessions_app.assessments.models import Assessment, Candidate, CodingQuestion
from sessions_app.assessments.selectors.plans import (
    PICK_TITLE,
    languages_of,
    minutes_for,
    sections_of,
)
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.selectors.answers import Answer, answers_of
from sessions_app.proctoring.selectors.trial import toy_question
from sessions_app.proctoring.states import Status


@dataclass(frozen=True)
class PageQuestion:
    number: int
    question: CodingQuestion
    html: SafeString
    samples: list[dict[str, str]]  # {"input", "output", "note" as HTML}


@dataclass(frozen=True)
class PageSection:
    key: str
    title: str
    questions: list[PageQuestion]


@dataclass(frozen=True)
class CandidatePage:
    """`stage` is before, trial, running or after; `data` is what the page's script starts from."""

    stage: str
    title: str
    minutes: int
    introduction: SafeString
    session: ProctoredSession | None
    sections: list[PageSection]
    data: dict[str, Any]
    received: list[Answer]


def candidate_page_of(candidate: Candidate, *, now: datetime) -> CandidatePage:
    session, stage = _session_of(candidate), "before"
    if session is not None:
        is_late = session.status == Status.ABANDONED and now > session.deadline
        is_over = session.voided_at or session.status == Status.COMPLETED or is_late
        stage = "after" if is_over else "running"
    sections = _sections(session) if session and stage == "running" else []
    return _page(candidate, session, stage, sections, now=now)


def trial_page_of(candidate: Candidate, *, now: datetime) -> CandidatePage:
    """The practice room: one toy question, in the languages of the test."""
    section = PageSection("practice", "Practice", [_page_question(1, toy_question())])
    return _page(candidate, _session_of(candidate), "trial", [section], now=now)


def _session_of(candidate: Candidate) -> ProctoredSession | None:
    return ProctoredSession.objects.filter(pk=candidate.pk).first()


def _page(
    candidate: Candidate,
    session: ProctoredSession | None,
    stage: str,
    sections: list[PageSection],
    *,
    now: datetime,
) -> CandidatePage:
    assessment = candidate.assessment
    return CandidatePage(
        stage=stage,
        title=assessment.title if assessment else PICK_TITLE,
        minutes=session.test_duration_minutes if session else minutes_for(candidate),
        introduction=render_markdown(assessment.introduction if assessment else ""),
        session=session,
        sections=sections,
        data={
            "candidate_id": str(candidate.pk),
            "server_time": iso(now),
            "deadline": iso(session.deadline) if session else None,
            "answers": session.pending_answers if session else {},
            "answers_version": session.answers_version if session else 0,
            "writers": session.writers if session else {},
            "sections_completed": session.sections_completed if session else [],
            "sections": [_section_data(section, assessment) for section in sections],
        },
        received=answers_of(session) if session and stage == "after" else [],
    )


def _sections(session: ProctoredSession) -> list[PageSection]:
    numbers = count(1)
    return [
        PageSection(
            section.key,
            section.title,
            [_page_question(next(numbers), question) for question in section.questions],
        )
        for section in sections_of(session.plan)
    ]


def _page_question(number: int, question: CodingQuestion) -> PageQuestion:
    return PageQuestion(
        number=number,
        question=question,
        html=render_markdown(question.question),
        samples=[
            {**case, "note": render_markdown(case.get("note", ""))}
            for case in question.sample_test_cases
        ],
    )


def _section_data(section: PageSection, assessment: Assessment | None) -> dict[str, Any]:
    questions = [
        {
            "id": str(entry.question.pk),
            "number": entry.number,
            "title": entry.question.title,
            "languages": languages_of(entry.question, assessment),
            "boiler_plate": entry.question.boiler_plate,
        }
        for entry in section.questions
    ]
    return {"key": section.key, "title": section.title, "questions": questions}
