"""Who may reach which session, attempt and question; a stranger finds nothing."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from accounts.models import User
from common.db import compiled
from practice.models import Question
from sessions_app.interviews.errors import QuestionNotFound, SessionNotFound
from sessions_app.interviews.models import Attempt, PracticeSession

BIGGEST_ID = 2**63 - 1


@compiled
def own_session(pk: uuid.UUID, user_id: int) -> QuerySet[PracticeSession]:
    return PracticeSession.objects.visible_to(User(pk=user_id)).filter(pk=pk)


@compiled
def own_session_locked(pk: uuid.UUID, user_id: int) -> QuerySet[PracticeSession]:
    return PracticeSession.objects.locked().visible_to(User(pk=user_id)).filter(pk=pk)


@compiled
def question_with_set(pk: int) -> QuerySet[Question]:
    return Question.objects.select_related("question_main").filter(pk=pk)


def parse_session_id(text: str) -> uuid.UUID | None:
    """The UUID of its canonical 36 characters, in either case; None for anything else."""
    try:
        return uuid.UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def get_session_for(user: User, session_id: str, *, lock: bool = False) -> PracticeSession:
    """Raises SessionNotFound (404) for a malformed id, a missing one and another learner's.

    `lock`: for a service that takes a session whose lock the caller's transaction holds.
    """
    pk = parse_session_id(session_id)
    asked = own_session_locked if lock else own_session
    session = asked.first(pk=pk, user_id=user.pk) if pk else None
    if session is None:
        raise SessionNotFound
    session.user = user
    return session


def get_attempt_for(user: User, session_id: str, attempt_id: int) -> Attempt:
    """One attempt of one's own session; raises SessionNotFound (404) otherwise."""
    session = get_session_for(user, session_id)
    attempts = Attempt.objects.filter(session=session).select_related(
        "session", "evaluation", "question__question_main"
    )
    attempt = attempts.filter(pk=attempt_id).first() if attempt_id <= BIGGEST_ID else None
    if attempt is None:
        raise SessionNotFound("This answer does not exist.")
    return attempt


def get_question(question_id: str | int) -> Question:
    """A question of the bank by the id in a path; raises QuestionNotFound (404)."""
    question = find_question(question_id)
    if question is None:
        raise QuestionNotFound
    return question


def find_question(question_id: str | int) -> Question | None:
    """Any question of the bank: a retired one can still be finished by who has begun it."""
    text = str(question_id)
    if not (text.isascii() and text.isdigit()) or int(text) > BIGGEST_ID:
        return None
    return question_with_set.first(pk=int(text))
