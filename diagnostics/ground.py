"""Sound data in bulk, for faults to be sown on and for measurements: people, sessions, answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Max

from accounts.models import Subscription, User
from evaluation.models import Evaluation
from evaluation.services.requests import question_key
from practice.models import (
    Practice,
    PracticeHistory,
    PracticeMain,
    PracticeMainHistory,
    Question,
    QuestionMain,
    SubmissionHistory,
)
from practice.rubrics import rubric_of
from sessions_app.interviews.models import Attempt, PracticeSession

BATCH = 2000
ANSWER = "We would cache the hot reads and shard the rest by key, because reads dominate."
SCORE = 6.0


@dataclass(frozen=True)
class Ground:
    """What everything stands on: two design questions of two sets, and one of an interview set."""

    question: Question
    other_question: Question
    interview_question: Question

    @property
    def other_set(self) -> QuestionMain:
        return self.other_question.question_main


def find_ground() -> Ground:
    """Takes what the question bank holds. Raises LookupError when it was not loaded."""
    rows = Question.objects.in_use().select_related("question_main").order_by("pk")
    design = {q.question_main_id: q for q in rows.filter(question_main__kind="design")}
    interview = rows.filter(question_main__kind="interview").first()
    if len(design) < 2 or interview is None:
        raise LookupError("Load the question bank first: manage.py load_question_bank")
    first, second = list(design.values())[:2]
    return Ground(first, second, interview)


def next_id(model: type[models.Model]) -> int:
    return (model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def make_people(count: int, *, prefix: str, now: datetime) -> list[User]:
    """People with a free subscription and no password, who joined a month ago."""
    users = User.objects.bulk_create(
        (
            User(
                username=f"{prefix}-{n}",
                email=f"{prefix}-{n}@example.com",
                password="!",
                date_joined=now - timedelta(days=30),
            )
            for n in range(count)
        ),
        batch_size=BATCH,
    )
    Subscription.objects.bulk_create((Subscription(user=u) for u in users), batch_size=BATCH)
    return users


def make_live(
    ground: Ground, users: Sequence[User], *, at: datetime, words: str = ""
) -> list[PracticeMain]:
    """One practising session each; without words it is as empty as a start leaves it."""
    first = max(next_id(PracticeMainHistory), next_id(PracticeMain))
    sessions = PracticeMain.objects.bulk_create(
        (
            PracticeMain(
                id=first + n,
                user=user,
                question_main=ground.question.question_main,
                started_at=at,
                last_saved_at=at if words else None,
            )
            for n, user in enumerate(users)
        ),
        batch_size=BATCH,
    )
    Practice.objects.bulk_create(
        (
            Practice(
                session=session,
                question=ground.question,
                order=1,
                title=ground.question.title,
                prompt=ground.question.prompt,
                answer_text=words,
                version=1 if words else 0,
                saved_at=at if words else None,
            )
            for session in sessions
        ),
        batch_size=BATCH,
    )
    return sessions


def make_completed(
    ground: Ground, users: Sequence[User], *, at: datetime
) -> list[PracticeMainHistory]:
    """One completed session each, with one answer and its evaluation."""
    sessions = _completed_sessions(ground.question.question_main, users, at=at)
    practices = _answered(ground.question, sessions)
    evaluations = make_evaluations(ground, users, at=at)
    begin = next_id(SubmissionHistory)
    SubmissionHistory.objects.bulk_create(
        (
            SubmissionHistory(
                id=begin + n,
                practice=practice,
                number=1,
                answer_text=ANSWER,
                submitted_at=at + timedelta(minutes=20),
                evaluation=evaluation,
            )
            for n, (practice, evaluation) in enumerate(zip(practices, evaluations, strict=True))
        ),
        batch_size=BATCH,
    )
    return sessions


def _completed_sessions(
    question_main: QuestionMain, users: Sequence[User], *, at: datetime
) -> list[PracticeMainHistory]:
    first = max(next_id(PracticeMainHistory), next_id(PracticeMain))
    return PracticeMainHistory.objects.bulk_create(
        (
            PracticeMainHistory(
                id=first + n,
                user=user,
                question_main=question_main,
                status="completed",
                started_at=at,
                last_saved_at=at + timedelta(minutes=20),
                completed_at=at + timedelta(minutes=30),
            )
            for n, user in enumerate(users)
        ),
        batch_size=BATCH,
    )


def _answered(question: Question, sessions: Sequence[PracticeMainHistory]) -> list[PracticeHistory]:
    first = max(next_id(PracticeHistory), next_id(Practice))
    return PracticeHistory.objects.bulk_create(
        (
            PracticeHistory(
                id=first + n,
                session=session,
                question=question,
                order=1,
                title=question.title,
                prompt=question.prompt,
                answer_text=ANSWER,
                version=1,
                saved_at=session.last_saved_at,
            )
            for n, session in enumerate(sessions)
        ),
        batch_size=BATCH,
    )


def make_interviews(
    ground: Ground, users: Sequence[User], *, at: datetime, attempts: int, ended: bool = True
) -> list[PracticeSession]:
    """One interview session each, with so many scored attempts."""
    sessions = PracticeSession.objects.bulk_create(
        (
            PracticeSession(
                id=uuid.uuid4(),
                user=user,
                started_at=at,
                last_activity_at=at,
                ended_at=at + timedelta(minutes=10) if ended else None,
                ended_by="learner" if ended else "",
                questions_count=attempts,
                avg_score=SCORE if attempts else None,
            )
            for user in users
        ),
        batch_size=BATCH,
    )
    for _ in range(attempts):
        _make_attempts(ground, sessions, users, at=at)
    return sessions


def _make_attempts(
    ground: Ground, sessions: Sequence[PracticeSession], users: Sequence[User], *, at: datetime
) -> None:
    question = ground.interview_question
    evaluations = make_evaluations(ground, users, at=at, kind="interview_attempt")
    Attempt.objects.bulk_create(
        (
            Attempt(
                session=session,
                question=question,
                question_title=question.title,
                question_prompt=question.prompt,
                answer_text=ANSWER,
                overall_score=SCORE,
                created_at=at + timedelta(minutes=5),
                evaluation=evaluation,
            )
            for session, evaluation in zip(sessions, evaluations, strict=True)
        ),
        batch_size=BATCH,
    )


def make_evaluations(
    ground: Ground,
    users: Sequence[User],
    *,
    at: datetime,
    kind: str = "practice_submission",
    status: str = "succeeded",
) -> list[Evaluation]:
    rubric = rubric_of(ground.question)
    scored: dict[str, Any] = {}
    if status == "succeeded":
        scored = {"band": "partial", "overall_score": SCORE, "finished_at": at}
    return Evaluation.objects.bulk_create(
        (
            Evaluation(
                owner=user,
                kind=kind,
                status=status,
                question_key=question_key(rubric),
                input={"rubric": rubric.to_json(), "answer": ANSWER, "diagram": None},
                created_at=at,
                **scored,
            )
            for user in users
        ),
        batch_size=BATCH,
    )
