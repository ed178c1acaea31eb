"""A demo assessment over the shipped questions."""

from __future__ import annotations

from django.db import transaction

from sessions_app.assessments.models import (
    Assessment,
    CodingQuestion,
    Section,
)
from sessions_app.assessments.services.coding_bank import load_coding_bank

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
            for place, slug in enumerate(slugs, start=1):
                question = CodingQuestion.objects.get(slug=slug)
                section.entries.create(question=question, position=place)
    return assessment
