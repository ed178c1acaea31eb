"""Answers that wait in vain, and what the cache tells wrongly."""

from __future__ import annotations

import uuid

from django.core.cache import cache

from diagnostics import ground
from diagnostics.faults.sower import HOUR, Sower
from practice import bank_cache
from practice.models import Practice, QuestionMain, Submission


def unevaluated_answers(sow: Sower, count: int) -> None:
    live = ground.make_live(sow.ground, sow.people(count), at=sow.now - HOUR, words="An answer.")
    practices = Practice.objects.filter(session__in=live)
    Submission.objects.bulk_create(
        Submission(
            practice=practice, number=1, answer_text="An answer.", submitted_at=sow.now - HOUR
        )
        for practice in practices
    )


def stalled_evaluations(sow: Sower, count: int) -> None:
    """Their submissions exist: only the worker is missing."""
    unevaluated_answers(sow, count)
    fresh = Submission.objects.filter(evaluation__isnull=True).order_by("-pk")[:count]
    rows = list(fresh.select_related("practice__session__user"))
    people = [row.practice.session.user for row in rows]
    made = ground.make_evaluations(sow.ground, people, at=sow.now - HOUR, status="queued")
    for row, evaluation in zip(rows, made, strict=True):
        row.evaluation = evaluation
    Submission.objects.bulk_update(rows, ["evaluation"])


def cache_consistency(sow: Sower, count: int) -> None:
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
            created_at=sow.now,
            updated_at=sow.now,
        )
        for n in range(count)
    )
    for row in made:
        parts = bank_cache.parts_of(row)
        parts["hidden"]["title"] = "An old title"
        cache.set(bank_cache.key_of(row), parts, bank_cache.KEPT_SECONDS)
