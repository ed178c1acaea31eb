"""Rows without their other half."""

from __future__ import annotations

import uuid

from django.db.models import Max

from diagnostics import ground
from diagnostics.faults.sower import HOUR, NOWHERE, Sower
from practice.models import Practice, PracticeHistory
from sessions_app.interviews.models import Attempt
from tracking.models import Evidence


def _no_session(model: type[Practice] | type[PracticeHistory]) -> int:
    """Session keys from here on belong to nobody, not even to faults sown before."""
    last = model.objects.aggregate(last=Max("session_id"))["last"] or 0
    return max(NOWHERE, last + 1)


def orphan_submissions(sow: Sower, count: int) -> None:
    nowhere = _no_session(Practice)
    Practice.objects.bulk_create(
        Practice(session_id=nowhere + n, question=sow.ground.question, order=1, title="x")
        for n in range(count)
    )


def orphan_history(sow: Sower, count: int) -> None:
    first, nowhere = ground.next_id(PracticeHistory), _no_session(PracticeHistory)
    PracticeHistory.objects.bulk_create(
        PracticeHistory(
            id=first + n,
            session_id=nowhere + n,
            question=sow.ground.question,
            order=1,
            title="x",
            prompt="x",
        )
        for n in range(count)
    )


def orphan_attempts(sow: Sower, count: int) -> None:
    Attempt.objects.bulk_create(
        Attempt(
            session_id=uuid.uuid4(),
            question=sow.ground.interview_question,
            question_title="x",
            question_prompt="x",
            answer_text="x" * 60,
            unscored="limit",
            created_at=sow.now - HOUR,
        )
        for _ in range(count)
    )


def orphan_evidence(sow: Sower, count: int) -> None:
    users = sow.people(count)
    Evidence.objects.bulk_create(
        Evidence(
            user=user,
            skill_id=NOWHERE + n,
            evidence_type="note",
            content="x",
            created_at=sow.now - HOUR,
        )
        for n, user in enumerate(users)
    )


def orphan_evaluations(sow: Sower, count: int) -> None:
    ground.make_evaluations(sow.ground, sow.people(count), at=sow.now - HOUR)
