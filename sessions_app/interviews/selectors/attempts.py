"""Answers and drafts of one session."""

from __future__ import annotations

from django.db.models import QuerySet

from practice.models import Question
from sessions_app.interviews.models import Attempt, InterviewDraftRevision, PracticeSession


def attempts_of(session: PracticeSession) -> QuerySet[Attempt]:
    """Oldest first, with session and evaluation loaded."""
    rows = Attempt.objects.filter(session=session).oldest_first()
    return rows.select_related("session", "evaluation", "question__question_main")


def revisions_of(session: PracticeSession, question: Question) -> QuerySet[InterviewDraftRevision]:
    return InterviewDraftRevision.objects.filter(draft__session=session, draft__question=question)
