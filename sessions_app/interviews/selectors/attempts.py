"""Answers and drafts of one session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors.plans import UsageToday, usage_of
from common.db import compiled
from evaluation.models import Evaluation
from practice.models import Question
from sessions_app.interviews.models import Attempt, InterviewDraftRevision, PracticeSession

EVALUATION = Evaluation._meta.concrete_fields


def attempts_of(session: PracticeSession) -> QuerySet[Attempt]:
    """Oldest first, with session, evaluations and what was asked back loaded."""
    rows = Attempt.objects.filter(session=session).oldest_first()
    loaded = ("session", "evaluation", "whole_evaluation", "question__question_main")
    return rows.select_related(*loaded).prefetch_related("follow_ups")


@compiled
def attempts_with_status(session_id: UUID) -> QuerySet[Attempt]:
    """Without the evaluation's own columns: its row holds the whole request and is large."""
    rows = Attempt.objects.filter(session_id=session_id).oldest_first().select_related("evaluation")
    unseen = (f"evaluation__{f.name}" for f in EVALUATION if f.name not in {"id", "status"})
    return rows.defer("raw_eval_json", "question_title", "question_prompt", *unseen)


def answers_of(session: PracticeSession) -> list[Attempt]:
    """Oldest first, with their session and no more of the evaluation than its status."""
    rows = attempts_with_status.all(session_id=session.pk)
    for attempt in rows:
        attempt.session = session
    return rows


def revisions_of(session: PracticeSession, question: Question) -> QuerySet[InterviewDraftRevision]:
    return InterviewDraftRevision.objects.filter(draft__session=session, draft__question=question)


def feedback_left(user: User, attempts: Iterable[Attempt], *, now: datetime) -> UsageToday | None:
    """Today's feedback, for answers that the limit left without one; None when there are none."""
    if all(attempt.evaluation_id for attempt in attempts):
        return None
    return usage_of(user, kind="evaluation", now=now)
