"""What a candidate is asked: the assessment's sections, or without one a pick from the bank."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.prepared import Prepared
from sessions_app.proctoring.models import (
    AnswerRevision,
    Candidate,
    CodingQuestion,
    ProctoredSession,
)
from sessions_app.proctoring.models.bank import Difficulty

# Asked by every start without an assessment.
_bank = Prepared(
    lambda: (
        CodingQuestion.objects.filter(retired_at__isnull=True)
        .order_by("slug")
        .values_list("pk", "difficulty")
    )
)
PICK_TITLE = "Coding questions"
LANGUAGE_NAMES = {"python": "Python", "javascript": "JavaScript", "java": "Java", "cpp": "C++"}


@dataclass(frozen=True)
class PlannedSection:
    key: str
    title: str
    questions: tuple[CodingQuestion, ...]


def plan_for(candidate: Candidate) -> list[dict[str, Any]]:
    """`[{"key", "title", "question_ids"}]`, stored with the session when it starts."""
    if candidate.assessment is None:
        return _pick_from_bank(candidate.pk)
    sections = candidate.assessment.sections.prefetch_related("entries")
    return [
        {
            "key": section.key,
            "title": section.title,
            "question_ids": [str(entry.question_id) for entry in section.entries.all()],
        }
        for section in sections
    ]


def sections_of(session: ProctoredSession) -> list[PlannedSection]:
    ids = [pk for section in session.plan for pk in section["question_ids"]]
    found = {str(question.pk): question for question in CodingQuestion.objects.filter(pk__in=ids)}
    return [
        PlannedSection(
            key=section["key"],
            title=section["title"],
            questions=tuple(found[pk] for pk in section["question_ids"] if pk in found),
        )
        for section in session.plan
    ]


def _pick_from_bank(candidate_id: UUID) -> list[dict[str, Any]]:
    """One question of each difficulty, always the same for one candidate."""
    ids: dict[str, list[UUID]] = {difficulty: [] for difficulty in Difficulty.values}
    for pk, difficulty in _bank.all():
        ids[difficulty].append(pk)
    picked = [str(some[candidate_id.int % len(some)]) for some in ids.values() if some]
    if not picked:
        return []
    return [{"key": "coding", "title": PICK_TITLE, "question_ids": picked}]


@dataclass(frozen=True)
class Answer:
    """What a test holds under one key; `question` is None for a key that no question has."""

    key: str
    title: str
    language: str
    text: str
    present: bool
    revisions: tuple[AnswerRevision, ...]

    @property
    def language_name(self) -> str:
        return LANGUAGE_NAMES.get(self.language, self.language)


def answers_of(session: ProctoredSession) -> list[Answer]:
    """Every planned question, answered or not, then every other key; with all kept revisions."""
    revisions: dict[str, list[AnswerRevision]] = {}
    for revision in session.revisions.all():
        revisions.setdefault(revision.key, []).append(revision)
    titles = {str(q.pk): q.title for section in sections_of(session) for q in section.questions}
    keys = dict.fromkeys([*titles, *session.pending_answers, *revisions])
    return [
        Answer(
            key=key,
            title=_title(key, titles),
            language=language_of(session.pending_answers.get(key)),
            text=text_of(session.pending_answers.get(key)),
            present=key in session.pending_answers,
            revisions=tuple(revisions.get(key, ())),
        )
        for key in keys
    ]


def _title(key: str, titles: dict[str, str]) -> str:
    """The page keeps code in a language that was left again under `<question>/<language>`."""
    question, _, language = key.partition("/")
    if language and question in titles:
        return f"{titles[question]} ({LANGUAGE_NAMES.get(language, language)}, set aside)"
    return titles.get(key, key)


def text_of(value: Any) -> str:
    """The words of an answer: plain text, or the code of `{code, language}`."""
    if value is None:
        return ""
    if isinstance(value, dict):
        code = value.get("code")
        return code if isinstance(code, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return str(value)


def language_of(value: Any) -> str:
    language = value.get("language") if isinstance(value, dict) else ""
    return language if isinstance(language, str) else ""
