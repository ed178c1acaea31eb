"""Logs an ended interview in the learner's tracking: active minutes, once per session."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from sessions_app.interviews import labels
from sessions_app.interviews.models import PracticeSession
from sessions_app.interviews.selectors.summary import minutes_of
from tracking.models import PracticeLog
from tracking.services import record_practice

SOURCE_KIND = "interview_session"
LONGEST_LOG = 1440


def skill_name(session: PracticeSession) -> str:
    """ "Product design interviews", or "Interviews" for a session over every category."""
    category = session.category_filter
    return f"{labels.category_label(category)} interviews" if category else "Interviews"


def log_session(
    *, session: PracticeSession, now: datetime, create_skill: bool = False
) -> PracticeLog | None:
    """Write the practice log of an ended session; joins the caller's transaction.

    None when there is no answer or, without `create_skill`, when the learner has no such skill.
    """
    last = session.attempts.aggregate(last=Max("created_at"))["last"]
    if last is None:
        return None
    count = session.questions_count
    noun = "question" if count == 1 else "questions"
    return record_practice(
        user=session.user,
        skill_name=skill_name(session),
        minutes=min(LONGEST_LOG, minutes_of(session, last)),
        description=f"{labels.session_title(session)}: {count} {noun} answered.",
        source_kind=SOURCE_KIND,
        source_id=str(session.pk),
        create_skill=create_skill,
        now=now,
    )


def log_of(session: PracticeSession) -> PracticeLog | None:
    """The log this session left in the learner's skills, None when there is none."""
    rows = PracticeLog.objects.filter(user_id=session.user_id).select_related("skill")
    return rows.filter(source_kind=SOURCE_KIND, source_id=str(session.pk)).first()


@transaction.atomic
def accept_log(*, session: PracticeSession, now: datetime) -> PracticeLog | None:
    """The learner accepted the offer: create the skill if it is missing, and log the session."""
    return log_session(session=session, now=now, create_skill=True)
