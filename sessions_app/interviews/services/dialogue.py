"""The interviewer asks back: one question at a time, then the whole is judged once more, free.

The answer itself is scored at once; only a verdict on the whole that succeeds replaces that score.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from accounts.models import StoredKind, User
from accounts.services import storage
from common import drafts
from common.errors import LimitReached
from evaluation.services.requests import request_evaluation
from practice.rubrics import rubric_of
from sessions_app.interviews import rules
from sessions_app.interviews.errors import CameAfterTheEnd, FollowUpAnswered
from sessions_app.interviews.models import Attempt, FollowUp, PracticeSession
from sessions_app.interviews.policies import (
    get_attempt_for,
    get_follow_up_for,
    get_session_for,
)

KIND = "interview_attempt"


def ask_back(attempt: Attempt, *, now: datetime) -> FollowUp | None:
    """Ask the next question, or end the dialogue and return None. The caller holds the session.

    An answer that is not judged, because the day's feedback is used up, is not asked about: the
    free verdict on the whole would get around that limit. After the deadline nothing is asked.
    """
    session, evaluation = attempt.session, attempt.evaluation
    asked = list(attempt.follow_ups.values_list("question_text", flat=True))
    question = None
    if (
        evaluation is not None
        and session.is_open
        and not rules.lateness(deadline=session.deadline, now=now)
    ):
        question = rules.next_follow_up(
            asked=asked, of_model=evaluation.follow_ups, of_bank=attempt.question.follow_ups
        )
    if question is None:
        if asked:
            _end(attempt, now=now)
        return None
    return FollowUp.objects.create(
        attempt=attempt, number=len(asked) + 1, question_text=question, asked_at=now
    )


@transaction.atomic
def save_reply(
    *,
    user: User,
    session_id: str | uuid.UUID,
    attempt_id: int,
    number: int,
    answer_text: str,
    base_version: int,
    now: datetime,
) -> drafts.Saved:
    """Save the draft of a reply; a text equal to the stored one changes nothing.

    Raises SessionNotFound and FollowUpNotFound (404), StorageFull (413), and with the text kept as
    a late revision CameAfterTheEnd or FollowUpAnswered (409).
    """
    follow_up = _lock(user, session_id, attempt_id, number)
    session = follow_up.attempt.session
    _refuse_late(follow_up, answer_text, now=now)
    saved = _put(follow_up, answer_text, base_version=base_version, now=now)
    if saved.changed:
        PracticeSession.objects.filter(pk=session.pk).update(last_activity_at=now)
    return saved


@transaction.atomic
def answer_follow_up(
    *,
    user: User,
    session_id: str | uuid.UUID,
    attempt_id: int,
    number: int,
    answer_text: str,
    now: datetime,
) -> FollowUp | None:
    """Submit a reply; the next question, or None when the dialogue has ended with it.

    A second submission of the same text answers the same. Raises as `save_reply`.
    """
    follow_up = _lock(user, session_id, attempt_id, number)
    attempt = follow_up.attempt
    _refuse_late(follow_up, answer_text, now=now, submits=True)
    if follow_up.answered_at is not None:
        return attempt.follow_ups.filter(answered_at=None).first()
    _put(follow_up, answer_text, base_version=follow_up.version, now=now)
    follow_up.answered_at = now
    follow_up.save(update_fields=["answered_at"])
    PracticeSession.objects.filter(pk=attempt.session_id).update(last_activity_at=now)
    return ask_back(attempt, now=now)


@transaction.atomic
def end_dialogue(
    *, user: User, session_id: str | uuid.UUID, attempt_id: int, now: datetime
) -> Attempt:
    """The learner wants no more questions; what stands in an open reply stays kept, unsubmitted."""
    get_session_for(user, session_id, lock=True)
    attempt = get_attempt_for(user, session_id, attempt_id)
    if attempt.dialogue_ended_at is None:
        _end(attempt, now=now)
    return attempt


def end_dialogues(session: PracticeSession, *, now: datetime) -> None:
    """The session ends, and with it the dialogues that are open. The caller holds its lock."""
    still_open = session.attempts.filter(dialogue_ended_at=None, follow_ups__isnull=False)
    for attempt in still_open.select_related("question").distinct():
        attempt.session = session
        _end(attempt, now=now)


def _end(attempt: Attempt, *, now: datetime) -> None:
    """Once: from here on nothing is asked, and what was replied is judged with the answer. It is
    not where the first verdict's use was given back and today's feedback is used up."""
    attempt.dialogue_ended_at = now
    replied = list(attempt.follow_ups.exclude(answered_at=None).order_by("number"))
    if replied and attempt.evaluation is not None:
        with suppress(LimitReached), transaction.atomic():
            attempt.whole_evaluation = request_evaluation(
                owner=attempt.session.user,
                kind=KIND,
                rubric=rubric_of(attempt.question),
                answer="\n\n".join([attempt.answer_text, *(one.answer_text for one in replied)]),
                asked_back=[one.question_text for one in replied],
                paid_by=attempt.evaluation,
                now=now,
            )
    attempt.save(update_fields=["dialogue_ended_at", "whole_evaluation"])


def _lock(user: User, session_id: str | uuid.UUID, attempt_id: int, number: int) -> FollowUp:
    """A question of one's own session, which is locked first as everywhere."""
    session = get_session_for(user, session_id, lock=True)
    follow_up = get_follow_up_for(user, session_id, attempt_id, number)
    follow_up.attempt.session = session
    return follow_up


def _put(follow_up: FollowUp, text: str, *, base_version: int, now: datetime) -> drafts.Saved:
    grow = storage.growth_of(user=follow_up.attempt.session.user, kind=StoredKind.ANSWERS, now=now)
    content = {"answer_text": text}
    return drafts.save(follow_up, content, base_version=base_version, grow=grow, now=now)


def _refuse_late(follow_up: FollowUp, text: str, *, now: datetime, submits: bool = False) -> None:
    """What is stored may be sent again; a different text is kept beside it, and nothing can be
    submitted once the dialogue is over."""
    attempt, is_answered = follow_up.attempt, follow_up.answered_at is not None
    is_over = not attempt.session.is_open or attempt.dialogue_ended_at is not None
    if not is_answered and not is_over:
        return
    if text == follow_up.answer_text and (is_answered or not submits):
        return

    def keep() -> None:
        if text.strip():
            _keep_late(follow_up, text, now=now)

    refusal = CameAfterTheEnd if not attempt.session.is_open else FollowUpAnswered
    raise refusal(keep=keep)


@transaction.atomic
def _keep_late(follow_up: FollowUp, text: str, *, now: datetime) -> None:
    session = follow_up.attempt.session
    if PracticeSession.objects.select_for_update().filter(pk=session.pk).first() is None:
        return  # deleted meanwhile
    grow = storage.growth_of(user=session.user, kind=StoredKind.ANSWERS, now=now)
    drafts.keep_late(follow_up, {"answer_text": text}, grow=grow, now=now)
