"""Answers of an interview session: kept as sent, judged in the background, never refused late."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from common.drafts import size_of
from common.errors import LimitReached
from evaluation.models import Evaluation
from evaluation.services.requests import request_evaluation
from practice.models import Question
from practice.rubrics import rubric_of
from sessions_app.interviews import rules
from sessions_app.interviews.errors import AlreadyAsked
from sessions_app.interviews.models import SCORES, Attempt
from sessions_app.interviews.policies import get_attempt_for, get_session_for
from sessions_app.interviews.services import drafts
from sessions_app.interviews.services.dialogue import KIND, ask_back
from sessions_app.interviews.services.sessions import keep_use
from sessions_app.interviews.services.stats import count_answer, lock_session, rebuild


@transaction.atomic
def add_attempt(
    *,
    user: User,
    session_id: str | uuid.UUID,
    question: Question,
    answer_text: str,
    time_spent_sec: int | None = None,
    self_rating: int | None = None,
    now: datetime,
) -> Attempt:
    """Store an answer and request its evaluation; late ones get the seconds they are late.

    The text also becomes the draft; `unscored` = limit when the day's feedback is used up. Raises
    SessionNotFound (404), StorageFull (413), CameAfterTheEnd (409; the text is kept as late).
    """
    session = get_session_for(user, session_id, lock=True)
    if not session.is_open:
        raise drafts.came_late(session, question, answer_text, now=now)
    size = size_of(answer_text)
    drafts.replace(session, question=question, text=answer_text, also_stored=size, now=now)
    attempt = Attempt(
        session=session,
        question=question,
        question_title=question.title,
        question_prompt=question.prompt,
        answer_text=answer_text,
        time_spent_sec=time_spent_sec,
        self_rating=self_rating,
        late_by_sec=rules.lateness(deadline=session.deadline, now=now),
        created_at=now,
        stored_bytes=size,
    )
    try:
        _request_evaluation(attempt, now=now)
    except LimitReached:
        attempt.unscored = Attempt.Unscored.LIMIT
    attempt.save()
    if session.asks_back:
        ask_back(attempt, now=now)
    keep_use(session, now=now)
    count_answer(session, at=now)
    return attempt


@transaction.atomic
def rate_attempts(*, user: User, session_id: str | uuid.UUID, ratings: dict[int, int]) -> int:
    """Store self-ratings (1–5, by the id of the answer) of one's own session; how many there are.

    Ids of other sessions are left out. Raises SessionNotFound (404).
    """
    session = get_session_for(user, session_id, lock=True)
    rated = list(session.attempts.filter(pk__in=ratings).only("self_rating"))
    for attempt in rated:
        attempt.self_rating = ratings[attempt.pk]
    return Attempt.objects.bulk_update(rated, ["self_rating"])


def rate_attempt(attempt: Attempt, *, rating: int) -> Attempt:
    """Store the learner's self-rating, 1–5; asked before the result, changeable later."""
    attempt.self_rating = rating
    attempt.save(update_fields=["self_rating"])
    return attempt


@transaction.atomic
def ask_feedback(
    *, user: User, session_id: str | uuid.UUID, attempt_id: int, now: datetime
) -> Attempt:
    """Request an evaluation that the daily limit refused before; possible after the end too.

    Raises DailyLimitReached (429) while the day's feedback is used up, AlreadyAsked (409).
    """
    attempt = get_attempt_for(user, session_id, attempt_id, lock=True)
    if attempt.evaluation_id is not None:
        raise AlreadyAsked
    _request_evaluation(attempt, now=now)
    attempt.unscored = Attempt.Unscored.NO
    attempt.save(update_fields=["evaluation", "unscored"])
    return attempt


def is_secret(evaluation: Evaluation) -> bool:
    """A mock interview hides every outcome until it ends."""
    return Attempt.objects.with_hidden_result().of_evaluation(evaluation).exists()


def copy_verdict(evaluation: Evaluation) -> None:
    """Copy scores and texts of an evaluation to its attempt; called where the verdict is stored.

    A verdict on the whole dialogue becomes the attempt's when it has a score; without one the first
    verdict stays. The session is locked before the attempt is written, in the order of
    `add_attempt`.
    """
    rows = Attempt.objects.filter(Q(evaluation=evaluation) | Q(whole_evaluation=evaluation))
    session_id = rows.values_list("session_id", flat=True).first()
    if session_id is None:
        return
    session = lock_session(session_id)
    attempt = rows.only("whole_evaluation_id").get()
    replaced: dict[str, object] = {}
    if attempt.whole_evaluation_id == evaluation.pk:
        if evaluation.status != Evaluation.Status.SUCCEEDED:
            return
        replaced = {"first_evaluation": F("evaluation"), "evaluation": evaluation}
        replaced["whole_evaluation"] = None
    words = ("strengths", "improvements", "suggested_framework", "example_point")
    more = ("status", "provider", "band", "key_points", "observations", "withheld_reason")
    raw = {name: getattr(evaluation, name) for name in (*more, *SCORES, *words)}
    copied = {name: raw[name] for name in (*SCORES, "example_point")}
    Attempt.objects.filter(pk=attempt.pk).update(
        **replaced,
        **copied,
        strengths="\n".join(evaluation.strengths),
        improvements="\n".join(evaluation.improvements),
        suggested_framework=evaluation.suggested_framework[:100],
        raw_eval_json=json.dumps(raw, ensure_ascii=False),
    )
    rebuild(session)


def _request_evaluation(attempt: Attempt, *, now: datetime) -> None:
    attempt.evaluation = request_evaluation(
        owner=attempt.session.user,
        kind=KIND,
        rubric=rubric_of(attempt.question),
        answer=attempt.answer_text,
        now=now,
    )
