"""Rows without their parent."""

from __future__ import annotations

import uuid

from django.db.models import Max

from diagnostics import fixtures
from diagnostics.faults.seeder import HOUR, NOWHERE, FaultSeeder
from practice.models import Practice, PracticeHistory
from sessions_app.interviews.models import Attempt
from tracking.models import Evidence


def _no_session(model: type[Practice] | type[PracticeHistory]) -> int:
    """Session keys from here on are unused, also by faults seeded before."""
    last = model.objects.aggregate(last=Max("session_id"))["last"] or 0
    return max(NOWHERE, last + 1)


def orphan_submissions(seeder: FaultSeeder, count: int) -> None:
    nowhere = _no_session(Practice)
    Practice.objects.bulk_create(
        Practice(session_id=nowhere + n, question=seeder.questions.question, order=1, title="x")
        for n in range(count)
    )


def orphan_history(seeder: FaultSeeder, count: int) -> None:
    first, nowhere = fixtures.next_id(PracticeHistory), _no_session(PracticeHistory)
    PracticeHistory.objects.bulk_create(
        PracticeHistory(
            id=first + n,
            session_id=nowhere + n,
            question=seeder.questions.question,
            order=1,
            title="x",
            prompt="x",
        )
        for n in range(count)
    )


def orphan_attempts(seeder: FaultSeeder, count: int) -> None:
    Attempt.objects.bulk_create(
        Attempt(
            session_id=uuid.uuid4(),
            question=seeder.questions.interview_question,
            question_title="x",
            question_prompt="x",
            answer_text="x" * 60,
            unscored="limit",
            created_at=seeder.now - HOUR,
        )
        for _ in range(count)
    )


def orphan_evidence(seeder: FaultSeeder, count: int) -> None:
    users = seeder.people(count)
    Evidence.objects.bulk_create(
        Evidence(
            user=user,
            skill_id=NOWHERE + n,
            evidence_type="note",
            content="x",
            created_at=seeder.now - HOUR,
        )
        for n, user in enumerate(users)
    )


def orphan_evaluations(seeder: FaultSeeder, count: int) -> None:
    fixtures.make_evaluations(seeder.questions, seeder.people(count), at=seeder.now - HOUR)
