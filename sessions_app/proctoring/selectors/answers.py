"""The answers of a test, question by question, as text."""

from __future__ import annotations

from dataclasses import dataclass

from sessions_app.assessments.rules import LANGUAGE_NAMES
from sessions_app.assessments.selectors.plans import sections_of
from sessions_app.proctoring.models import AnswerRevision, ProctoredSession
from sessions_app.proctoring.models.records import text_of


@dataclass(frozen=True)
class Answer:
    """The answer under one key; `title` is the key itself where no question has it."""

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
    sections = sections_of(session.plan)
    titles = {str(question.pk): question.title for s in sections for question in s.questions}
    keys = dict.fromkeys([*titles, *session.pending_answers, *revisions])
    answers = []
    for key in keys:
        value = session.pending_answers.get(key)
        language = value.get("language") if isinstance(value, dict) else ""
        answers.append(
            Answer(
                key=key,
                title=_title(key, titles),
                language=language if isinstance(language, str) else "",
                text=text_of(value),
                present=value is not None,
                revisions=tuple(revisions.get(key, ())),
            )
        )
    return answers


def _title(key: str, titles: dict[str, str]) -> str:
    """The page stores the code of a language that was left under `<question>/<language>`."""
    question, _, language = key.partition("/")
    if language and question in titles:
        return f"{titles[question]} ({LANGUAGE_NAMES.get(language, language)}, set aside)"
    return titles.get(key, key)
