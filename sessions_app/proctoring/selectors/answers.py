"""The answers of a test, question by question, as text."""

from __future__ import annotations

from dataclasses import dataclass

from sessions_app.assessments.rules import LANGUAGE_NAMES
from sessions_app.assessments.selectors.plans import sections_of
from sessions_app.proctoring.models import AnswerRevision, ProctoredSession
from sessions_app.proctoring.models.records import text_of
from sessions_app.proctoring.selectors.growth import Growth, growths_of


@dataclass(frozen=True)
class Answer:
    """The answer under one key; `title` is the key itself where no question has it."""

    key: str
    title: str
    language: str
    text: str
    present: bool
    revisions: tuple[AnswerRevision, ...]
    # (part, was pasted); together the text.
    spans: tuple[tuple[str, bool], ...] = ()
    saves: int = 0

    @property
    def pasted(self) -> int:
        """Characters that came with a paste and are there still."""
        return sum(len(part) for part, pasted in self.spans if pasted)

    @property
    def language_name(self) -> str:
        return LANGUAGE_NAMES.get(self.language, self.language)


def answers_of(session: ProctoredSession, *, with_growth: bool = False) -> list[Answer]:
    """Every planned question, answered or not, then every other key; with all kept revisions, and
    on demand with what was pasted and how many saves it took."""
    revisions: dict[str, list[AnswerRevision]] = {}
    for revision in session.revisions.all():
        revisions.setdefault(revision.key, []).append(revision)
    sections = sections_of(session.plan)
    questions = {str(question.pk): question for s in sections for question in s.questions}
    titles = {pk: question.title for pk, question in questions.items()}
    keys = dict.fromkeys([*titles, *session.pending_answers, *revisions])
    plates = {pk: question.boiler_plate for pk, question in questions.items()}
    growths = growths_of(session, keys, plates=plates) if with_growth else {}
    answers = []
    for key in keys:
        value = session.pending_answers.get(key)
        language = value.get("language") if isinstance(value, dict) else ""
        grown, text = growths.get(key, Growth((), "")), text_of(value)
        answers.append(
            Answer(
                key=key,
                title=_title(key, titles),
                language=language if isinstance(language, str) else "",
                text=text,
                present=value is not None,
                revisions=tuple(revisions.get(key, ())),
                # Above the limit of steps, or from before there were any, they say less.
                spans=tuple(grown.spans) if grown.text == text else ((text, False),),
                saves=len(grown.steps),
            )
        )
    return answers


def _title(key: str, titles: dict[str, str]) -> str:
    """The page stores the code of a language that was left under `<question>/<language>`."""
    question, _, language = key.partition("/")
    if language and question in titles:
        return f"{titles[question]} ({LANGUAGE_NAMES.get(language, language)}, set aside)"
    return titles.get(key, key)
