"""A learner deletes a completed session with its answers, boards and feedback."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from accounts.services import storage
from evaluation.services.own_data import erase_some
from practice.errors import NotCompletedYet, SessionNotFound
from practice.models import PracticeMainHistory, SubmissionHistory
from practice.selectors.sessions import find_session
from practice.services.pictures import remove_unused_pictures

if TYPE_CHECKING:
    from accounts.models import User

PARTS = (
    ("answers", ("practices", "practices__revisions", "practices__submissions")),
    ("boards", ("board", "board_revisions")),
)
"""What a session stores, by kind of storage and the way from the session to its rows."""


@transaction.atomic(durable=True)
def delete_session(*, user: User, session_id: int, now: datetime) -> None:
    """Remove a completed session and its feedback; its room is free again. The minutes that were
    logged to a skill stay there.

    Raises SessionNotFound (404), and NotCompletedYet (409) while it is practiced.
    """
    rows = PracticeMainHistory.objects.visible_to(user).select_for_update(of=("self",))
    session = rows.filter(pk=session_id).first()
    if session is None:
        known = find_session(user=user, session_id=session_id)
        raise NotCompletedYet if known else SessionNotFound
    remove_session(session)
    remove_unused_pictures(user_id=user.pk, now=now, unused_for=timedelta(0))


def remove_session(session: PracticeMainHistory) -> None:
    """The rows themselves, in the caller's transaction, which holds the session."""
    this = PracticeMainHistory.objects.filter(pk=session.pk).order_by()
    freed = {
        kind: sum(this.aggregate(n=Sum(f"{way}__stored_bytes"))["n"] or 0 for way in ways)
        for kind, ways in PARTS
    }
    storage.free_bytes(user_id=session.user_id, **freed)
    tries = SubmissionHistory.objects.filter(practice__session=session)
    told = list(tries.exclude(evaluation=None).values_list("evaluation_id", flat=True))
    session.delete()
    erase_some(told)
