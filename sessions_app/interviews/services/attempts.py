"""Answers of an interview session: kept as sent, judged in the background, never refused late."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from common.errors import LimitReached
from evaluation.models import Evaluation
from evaluation.services.requests import request_evaluation
from practice.models import Question
from practice.rubrics import rubric_of
from sessions_app.interviews import rules
from sessions_app.interviews.errors import AlreadyAsked, CameAfterTheEnd
from sessions_app.interviews.models import SCORES, Attempt, PracticeSession
from sessions_app.interviews.services import drafts
from sessions_app.interviews.services.sessions import keep_use
from sessions_app.interviews.services.stats import lock_session, rebuild

KIND = "interview_attempt"


@transaction.atomic
def add_attempt(
    *,
    session_id: uuid.UUID,
    question: Question,
    answer_text: str,
    time_spent_sec: int | None = None,
    self_rating: int | None = None,
    now: datetime,
) -> Attempt:
    """`answer_in` for the session of that id."""
    return answer_in(
        lock_session(session_id),
        question=question,
        answer_text=answer_text,
        time_spent_sec=time_spent_sec,
        self_rating=self_rating,
        now=now,
    )


def answer_in(
    session: PracticeSession,
    *,
    question: Question,
    answer_text: str,
    time_spent_sec: int | None = None,
    self_rating: int | None = None,
    now: datetime,
) -> Attempt:
    """Keep an answer and ask for its evaluation; late ones say by how many seconds.

    The caller's transaction holds the session's lock. The text also becomes the draft, so "answer
    again" starts from it. When the day's feedback is used up the answer is kept without one
    (`unscored` = limit). Raises CameAfterTheEnd (409), with the text kept as a late revision of
    the draft.
    """
    if not session.is_open:
        raise CameAfterTheEnd(
            keep=lambda: drafts.keep_late(session, question, answer_text, now=now)
        )
    evaluation, unscored = _evaluate(session, question=question, answer=answer_text, now=now)
    attempt = Attempt.objects.create(
        session=session,
        question=question,
        question_title=question.title,
        question_prompt=question.prompt,
        answer_text=answer_text,
        time_spent_sec=time_spent_sec,
        self_rating=self_rating,
        late_by_sec=rules.lateness(deadline=session.deadline, now=now),
        evaluation=evaluation,
        unscored=unscored,
        created_at=now,
    )
    drafts.replace(session, question=question, text=answer_text, now=now)
    keep_use(session, now=now)
    rebuild(session, active_at=now)
    return attempt


@transaction.atomic
def rate_attempt(*, attempt_id: int, rating: int) -> Attempt:
    """Keep how well the learner thinks it went, 1–5; asked before the result, changeable after."""
    Attempt.objects.filter(pk=attempt_id).update(self_rating=rating)
    return Attempt.objects.select_related("session", "evaluation").get(pk=attempt_id)


@transaction.atomic
def ask_feedback(*, attempt_id: int, now: datetime) -> Attempt:
    """Ask for an evaluation that the daily limit refused before; possible after the end too.

    Raises DailyLimitReached (429) while the day's feedback is used up, AlreadyAsked (409).
    """
    rows = Attempt.objects.select_for_update(of=("self",))
    attempt = rows.select_related("session__user", "question").get(pk=attempt_id)
    if attempt.evaluation_id is not None:
        raise AlreadyAsked
    attempt.evaluation = request_evaluation(
        owner=attempt.session.user,
        kind=KIND,
        rubric=rubric_of(attempt.question),
        answer=attempt.answer_text,
        now=now,
    )
    attempt.unscored = Attempt.Unscored.NO
    attempt.save(update_fields=["evaluation", "unscored"])
    return attempt


def is_secret(evaluation: Evaluation) -> bool:
    """A mock interview keeps every outcome to itself until it ends."""
    return Attempt.objects.untold().filter(evaluation=evaluation).exists()


def copy_verdict(evaluation: Evaluation) -> None:
    """Copy scores and words of an evaluation to its attempt; called where the verdict is stored.

    The session is locked before the attempt is written, in the order of `add_attempt`.
    """
    row = Attempt.objects.filter(evaluation=evaluation).values_list("pk", "session_id").first()
    if row is None:
        return
    attempt_id, session_id = row
    session = lock_session(session_id)
    Attempt.objects.filter(pk=attempt_id).update(**_copied(evaluation))
    rebuild(session)


def _copied(evaluation: Evaluation) -> dict[str, Any]:
    told = {
        "strengths": "\n".join(evaluation.strengths),
        "improvements": "\n".join(evaluation.improvements),
        "suggested_framework": evaluation.suggested_framework[:100],
        "example_point": evaluation.example_point,
    }
    raw = {
        "status": evaluation.status,
        "provider": evaluation.provider,
        "band": evaluation.band,
        **{score: getattr(evaluation, score) for score in SCORES},
        **told,
        "strengths": evaluation.strengths,
        "improvements": evaluation.improvements,
        "key_points": evaluation.key_points,
        "observations": evaluation.observations,
        "withheld_reason": evaluation.withheld_reason,
    }
    scores = {score: getattr(evaluation, score) for score in SCORES}
    return {**scores, **told, "raw_eval_json": json.dumps(raw, ensure_ascii=False)}


def _evaluate(
    session: PracticeSession, *, question: Question, answer: str, now: datetime
) -> tuple[Evaluation | None, str]:
    try:
        evaluation = request_evaluation(
            owner=session.user, kind=KIND, rubric=rubric_of(question), answer=answer, now=now
        )
    except LimitReached:
        return None, Attempt.Unscored.LIMIT
    return evaluation, Attempt.Unscored.NO
