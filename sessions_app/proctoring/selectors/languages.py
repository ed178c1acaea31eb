"""The languages of a test: those that its staff chose and the runner has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from judge.selectors.health import runner_health
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.selectors.plans import languages_of, plan_for, sections_of
from sessions_app.proctoring.models import ProctoredSession


@dataclass(frozen=True)
class OfferedLanguage:
    language: str
    name: str
    available: bool
    reason: str


def languages_of_test(candidate: Candidate, *, now: datetime) -> list[OfferedLanguage]:
    """All four; before the start those of the questions that the test would have now."""
    session = ProctoredSession.objects.only("plan").filter(pk=candidate.pk).first()
    plan = session.plan if session else plan_for(candidate)
    allowed = {
        language
        for section in sections_of(plan)
        for question in section.questions
        for language in languages_of(question, candidate.assessment)
    }
    offered = []
    for known in runner_health(now=now).languages:
        reason = known.reason if known.language in allowed else "This test does not offer it."
        available = known.available and known.language in allowed
        offered.append(
            OfferedLanguage(known.language, known.name, available, "" if available else reason)
        )
    return offered
