"""A demo test to look at: an assessment over the shipped questions, and one candidate."""

from __future__ import annotations

from django.db import transaction

from sessions_app.proctoring.models import (
    Assessment,
    AssessmentQuestion,
    Candidate,
    CodingQuestion,
    ProctoredSession,
    Section,
)
from sessions_app.proctoring.services.coding_bank import load_coding_bank
from sessions_app.proctoring.states import Status

TITLE = "Backend engineer (demo)"
SECTIONS = [
    ("warm-up", "Warm-up", ["longest-quiet-stretch", "matching-brackets"]),
    ("main-part", "Main part", ["rooms-for-meetings", "fair-rate-limiter"]),
    ("challenge", "Challenge", ["expiring-cache"]),
]
INTRODUCTION = (
    "Five questions in three sections. Answer in the language you know best; a clear partial "
    "solution is worth more than an unfinished clever one."
)
EMAIL = "candidate@example.com"


@transaction.atomic
def ensure_demo_assessment() -> Assessment:
    """The demo assessment with its sections, made where missing; loads the bank first."""
    load_coding_bank()
    assessment, created = Assessment.objects.get_or_create(
        title=TITLE, defaults={"duration_minutes": 60, "introduction": INTRODUCTION}
    )
    if created:
        for position, (key, title, slugs) in enumerate(SECTIONS, start=1):
            section = Section.objects.create(
                assessment=assessment, key=key, title=title, position=position
            )
            _fill(section, slugs)
    return assessment


def _fill(section: Section, slugs: list[str]) -> None:
    for position, slug in enumerate(slugs, start=1):
        question = CodingQuestion.objects.get(slug=slug)
        AssessmentQuestion.objects.create(section=section, question=question, position=position)


@transaction.atomic
def ensure_demo_candidate() -> Candidate:
    """A candidate who can still sit the demo test: the last one, or a new one when it is over."""
    assessment = ensure_demo_assessment()
    over = ProctoredSession.objects.filter(status=Status.COMPLETED)
    candidate = (
        Candidate.objects.filter(assessment=assessment, email=EMAIL)
        .exclude(pk__in=over.values("pk"))
        .order_by("-created_at")
        .first()
    )
    return candidate or Candidate.objects.create(
        name="Dana Demo", email=EMAIL, assessment=assessment
    )
