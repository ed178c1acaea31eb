"""Access to sessions, attempts and questions; for strangers 404."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from accounts.models import User
from common.db import compiled
from common.errors import DomainError
from common.text import LARGEST_INTEGER, whole_number
from practice.models import Question
from sessions_app.interviews.errors import FollowUpNotFound, QuestionNotFound, SessionNotFound
from sessions_app.interviews.models import Attempt, FollowUp, PracticeSession

DIALOGUE = ("whole_evaluation", "first_evaluation")
BIGGEST_ID = LARGEST_INTEGER
BIGGEST_NUMBER = 32_767
"""The largest number that a column of the smallest kind holds."""


@compiled
def own_session(pk: uuid.UUID, user_id: int) -> QuerySet[PracticeSession]:
    return PracticeSession.objects.visible_to(User(pk=user_id)).filter(pk=pk)


@compiled
def own_session_locked(pk: uuid.UUID, user_id: int) -> QuerySet[PracticeSession]:
    return PracticeSession.objects.locked().visible_to(User(pk=user_id)).filter(pk=pk)


@compiled
def question_with_set(pk: int) -> QuerySet[Question]:
    return Question.objects.select_related("question_main").filter(pk=pk)


def parse_session_id(text: str | uuid.UUID) -> uuid.UUID | None:
    """The UUID of its canonical 36 characters, in either case; None for anything else."""
    try:
        return uuid.UUID(str(text)) if len(str(text)) == 36 else None
    except ValueError:
        return None


def get_session_for(
    user: User, session_id: str | uuid.UUID, *, lock: bool = False
) -> PracticeSession:
    """Raises SessionNotFound (404) for a malformed id, a missing one and another learner's.

    `lock`: until the caller's transaction ends.
    """
    pk = parse_session_id(session_id)
    asked = own_session_locked if lock else own_session
    session = asked.first(pk=pk, user_id=user.pk) if pk else None
    if session is None:
        raise SessionNotFound
    session.user = user
    return session


def get_attempt_for(
    user: User, session_id: str | uuid.UUID, attempt_id: int, *, lock: bool = False
) -> Attempt:
    """One answer of one's own session; raises SessionNotFound (404) otherwise."""
    rows = Attempt.objects.select_for_update(of=("self",)) if lock else Attempt.objects
    attempt = (
        rows.visible_to(user)
        .filter(session=parse_session_id(session_id), pk=min(attempt_id, BIGGEST_ID))
        .select_related("session", "evaluation", *DIALOGUE, "question__question_main")
        .first()
    )
    if attempt is None:
        raise SessionNotFound("This answer does not exist.")
    attempt.session.user = user
    return attempt


def get_follow_up_for(
    user: User, session_id: str | uuid.UUID, attempt_id: int, number: int
) -> FollowUp:
    """A question that was asked back in one's own session, with its attempt.

    Raises SessionNotFound and FollowUpNotFound (404).
    """
    attempt = get_attempt_for(user, session_id, attempt_id)
    follow_up = attempt.follow_ups.filter(number=min(number, BIGGEST_NUMBER)).first()
    if follow_up is None:
        raise FollowUpNotFound
    follow_up.attempt = attempt
    return follow_up


def get_question(question_id: str | int, *, missing: DomainError | None = None) -> Question:
    """Any question of the bank: a retired one can still be finished in a session that began it.

    Raises `missing`, or QuestionNotFound (404).
    """
    pk = whole_number(str(question_id))
    question = None if pk is None else question_with_set.first(pk=pk)
    if question is None:
        raise missing or QuestionNotFound
    return question
