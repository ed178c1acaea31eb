"""A learner deletes an ended session, with its answers, drafts and feedback."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from accounts.services import storage
from evaluation.services.own_data import erase_some
from sessions_app.interviews.errors import StillOpen
from sessions_app.interviews.models import PracticeSession
from sessions_app.interviews.policies import get_session_for

STORED = (
    *("attempts", "drafts", "drafts__revisions"),
    *("attempts__follow_ups", "attempts__follow_ups__revisions"),
)
EVALUATIONS = ("evaluation_id", "whole_evaluation_id", "first_evaluation_id")


@transaction.atomic(durable=True)
def delete_session(*, user: User, session_id: str | uuid.UUID) -> None:
    """Remove an ended session for good; its room is free again. The minutes that were logged to a
    skill stay there. Raises SessionNotFound (404), and StillOpen (409) before its end."""
    session = get_session_for(user, session_id, lock=True)
    if session.is_open:
        raise StillOpen
    remove_session(session)


def remove_session(session: PracticeSession) -> None:
    """The rows themselves, in the caller's transaction, which holds the session."""
    this = PracticeSession.objects.filter(pk=session.pk).order_by()
    sizes = [this.aggregate(n=Sum(f"{way}__stored_bytes"))["n"] or 0 for way in STORED]
    storage.free_bytes(user_id=session.user_id, answers=sum(sizes))
    judged = session.attempts.values_list(*EVALUATIONS)
    evaluation_ids = [pk for row in judged for pk in row if pk is not None]
    session.delete()
    erase_some(evaluation_ids)
