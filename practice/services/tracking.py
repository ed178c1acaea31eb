"""Logs a completed set in the learner's tracking: active minutes, once per session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from practice.models import PracticeMainHistory
from tracking.models import PracticeLog
from tracking.services import record_practice

SOURCE_KIND = "practice_session"
SKILL_NAME = "System design"
LONGEST_LOG = 1440


def minutes_of(session: PracticeMainHistory) -> int:
    """Active time of all questions in whole minutes, 1 to 1440; 0 when nothing was done."""
    seconds = sum(session.practices.values_list("active_seconds", flat=True))
    if not seconds and session.last_saved_at is None:
        return 0
    return max(1, min(LONGEST_LOG, round(seconds / 60)))


def log_practice(*, session: PracticeMainHistory, now: datetime, create_skill: bool) -> Any | None:
    """Write the practice log of a completed session, None when there is nothing to log or, without
    `create_skill`, when the learner has no such skill. Joins the caller's transaction."""
    minutes = minutes_of(session)
    if not minutes:
        return None
    return record_practice(
        user=session.user,
        skill_name=SKILL_NAME,
        minutes=minutes,
        description=f"Practiced the set “{session.question_main.title}”.",
        source_kind=SOURCE_KIND,
        source_id=str(session.pk),
        create_skill=create_skill,
        now=now,
    )


@dataclass(frozen=True)
class LogOffer:
    """Minutes that could be logged under a skill; `logged` when they already are."""

    skill_name: str
    minutes: int
    logged: bool


def log_offer(*, session: PracticeMainHistory) -> LogOffer | None:
    minutes = minutes_of(session)
    if not minutes:
        return None
    logged = PracticeLog.objects.filter(
        user_id=session.user_id, source_kind=SOURCE_KIND, source_id=str(session.pk)
    )
    return LogOffer(SKILL_NAME, minutes, logged.exists())


@transaction.atomic(durable=True)
def accept_practice_log(*, session: PracticeMainHistory, now: datetime) -> Any | None:
    """The learner accepted the offer: create the skill and log the session."""
    return log_practice(session=session, now=now, create_skill=True)
