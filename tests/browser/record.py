"""A learner's record, for the browser tests of it."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from common import clock
from tests.factories import UserFactory
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory
from tracking.models import PracticeLog, StreakPause


def make_ana() -> User:
    """A learner with three skills, 70 days of practice with gaps, evidence and a pause."""
    user = UserFactory(username="ana", first_name="Ana")
    today = clock.now().date()
    react, sql = (SkillFactory(user=user, name=name) for name in ("React", "SQL queries"))
    SkillFactory(user=user, name="System design")
    for age in range(70):
        if age % 3 != 1 or age < 5:
            PracticeLogFactory(
                skill=react if age % 2 else sql,
                date_practiced=today - timedelta(days=age),
                duration_minutes=15 + age * 17 % 100,
                description=f"Worked through exercise {age}",
                difficulty_rating=age % 5 + 1,
            )
    log = PracticeLog.objects.filter(skill=react).newest_first().first()
    EvidenceFactory(skill=react, log=log, content="Effects run **after** paint.")
    EvidenceFactory(
        skill=react,
        evidence_type="link",
        title="Todo app",
        content="https://github.com/ana/todo",
    )
    EvidenceFactory(
        skill=react,
        evidence_type="screenshot",
        content="",
        filename="board.png",
        size_bytes=81_000,
        uploaded_at=clock.now(),
    )
    StreakPause.objects.create(
        user=user,
        start_date=today - timedelta(days=20),
        end_date=today - timedelta(days=12),
        reason="holiday",
        created_at=clock.now(),
    )
    return user
