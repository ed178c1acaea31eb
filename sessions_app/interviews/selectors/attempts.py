"""Answers and drafts of one session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors.plans import UsageToday, usage_of
from practice.models import Question
from sessions_app.interviews.models import Attempt, InterviewDraftRevision, PracticeSession


def attempts_of(session: PracticeSession) -> QuerySet[Attempt]:
    """Oldest first, with session and evaluation loaded."""
    rows = Attempt.objects.filter(session=session).oldest_first()
    return rows.select_related("session", "evaluation", "question__question_main")


def revisions_of(session: PracticeSession, question: Question) -> QuerySet[InterviewDraftRevision]:
    return InterviewDraftRevision.objects.filter(draft__session=session, draft__question=question)


def feedback_left(user: User, attempts: Iterable[Attempt], *, now: datetime) -> UsageToday | None:
    """Today's feedback, for answers that were kept without; None when none was."""
    if all(attempt.evaluation_id for attempt in attempts):
        return None
    return usage_of(user, kind="evaluation", now=now)
