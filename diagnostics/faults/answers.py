"""Answers without feedback, and wrong entries of the cache."""

from __future__ import annotations

import uuid

from django.core.cache import cache

from diagnostics import fixtures
from diagnostics.faults.seeder import HOUR, FaultSeeder
from practice import bank_cache
from practice.models import Practice, QuestionMain, Submission


def unevaluated_answers(seeder: FaultSeeder, count: int) -> None:
    live = fixtures.make_live(
        seeder.questions, seeder.people(count), at=seeder.now - HOUR, words="An answer."
    )
    practices = Practice.objects.filter(session__in=live)
    Submission.objects.bulk_create(
        Submission(
            practice=practice, number=1, answer_text="An answer.", submitted_at=seeder.now - HOUR
        )
        for practice in practices
    )


def stalled_evaluations(seeder: FaultSeeder, count: int) -> None:
    """Their submissions exist: only the worker is missing."""
    unevaluated_answers(seeder, count)
    fresh = Submission.objects.filter(evaluation__isnull=True).order_by("-pk")[:count]
    rows = list(fresh.select_related("practice__session__user"))
    people = [row.practice.session.user for row in rows]
    made = fixtures.make_evaluations(
        seeder.questions, people, at=seeder.now - HOUR, status="queued"
    )
    for row, evaluation in zip(rows, made, strict=True):
        row.evaluation = evaluation
    Submission.objects.bulk_update(rows, ["evaluation"])


def cache_consistency(seeder: FaultSeeder, count: int) -> None:
    """Sets of their own, cached with a title that they do not have."""
    unique = uuid.uuid4().hex[:8]
    made = QuestionMain.objects.bulk_create(
        QuestionMain(
            slug=f"fault-{unique}-{n}",
            kind="design",
            title=f"Set {n}",
            category="storage",
            difficulty="medium",
            minutes=45,
            summary="x",
            created_at=seeder.now,
            updated_at=seeder.now,
        )
        for n in range(count)
    )
    for row in made:
        parts = bank_cache.parts_of(row)
        parts["hidden"]["title"] = "An old title"
        cache.set(bank_cache.key_of(row), parts, bank_cache.KEPT_SECONDS)
