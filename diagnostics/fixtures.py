"""Sound data in bulk, for seeded faults and for measurements: people, sessions, answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

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

ANSWER = "We would cache the hot reads and shard the rest by key, because reads dominate."
SCORE = 6.0
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Questions:
    """Two design questions of two sets, and one of an interview set."""

    question: Question
    other_question: Question
    interview_question: Question

    @property
    def other_set(self) -> QuestionMain:
        return self.other_question.question_main


def find_questions() -> Questions:
    """Questions of the loaded bank. Raises LookupError when none was loaded."""
    rows = Question.objects.in_use().select_related("question_main").order_by("pk")
    design = {q.question_main_id: q for q in rows.filter(question_main__kind="design")}
    interview = rows.filter(question_main__kind="interview").first()
    if len(design) < 2 or interview is None:
        raise LookupError("Load the question bank first: manage.py load_question_bank")
    first, second = list(design.values())[:2]
    return Questions(first, second, interview)


def next_id(*among: type[models.Model]) -> int:
    """The first id that no row of these models has."""
    last = (model._base_manager.aggregate(last=Max("pk"))["last"] for model in among)
    return max(pk or 0 for pk in last) + 1


def insert(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    return model._base_manager.bulk_create(rows, batch_size=2000)


def make_people(count: int, *, prefix: str, now: datetime) -> list[User]:
    """People with a free subscription and no password, who joined a month ago."""
    joined = now - timedelta(days=30)
    names = [f"{prefix}-{n}" for n in range(count)]
    users = insert(
        User,
        (
            User(username=name, email=f"{name}@example.com", password="!", date_joined=joined)
            for name in names
        ),
    )
    insert(Subscription, (Subscription(user=user) for user in users))
    return users


def make_live(
    questions: Questions, users: Sequence[User], *, at: datetime, words: str = ""
) -> list[PracticeMain]:
    """One practicing session each; without `words` it is as empty as a start leaves it."""
    saved_at = at if words else None
    sessions = _sessions(PracticeMain, questions, users, started_at=at, last_saved_at=saved_at)
    _practices(Practice, questions, sessions, words=words)
    return sessions


def make_completed(
    questions: Questions, users: Sequence[User], *, at: datetime
) -> list[PracticeMainHistory]:
    """One completed session each, with one answer and its evaluation."""
    answered_at, completed_at = at + timedelta(minutes=20), at + timedelta(minutes=30)
    sessions = _sessions(
        PracticeMainHistory,
        questions,
        users,
        status="completed",
        started_at=at,
        last_saved_at=answered_at,
        completed_at=completed_at,
    )
    first = next_id(PracticeHistory, Practice)
    practices = _practices(PracticeHistory, questions, sessions, words=ANSWER, first_id=first)
    evaluations = make_evaluations(questions, users, at=at)
    first = next_id(SubmissionHistory)
    insert(
        SubmissionHistory,
        (
            SubmissionHistory(
                id=first + n,
                practice=practice,
                number=1,
                answer_text=ANSWER,
                submitted_at=answered_at,
                evaluation=evaluation,
            )
            for n, (practice, evaluation) in enumerate(zip(practices, evaluations, strict=True))
        ),
    )
    return sessions


def _sessions(
    model: type[Any], questions: Questions, users: Sequence[User], **columns: Any
) -> list[Any]:
    first, of_set = next_id(PracticeMainHistory, PracticeMain), questions.question.question_main
    return insert(
        model,
        (
            model(id=first + n, user=user, question_main=of_set, **columns)
            for n, user in enumerate(users)
        ),
    )


def _practices(
    model: type[Any],
    questions: Questions,
    sessions: Sequence[Any],
    *,
    words: str,
    first_id: int | None = None,
) -> list[Any]:
    question = questions.question
    return insert(
        model,
        (
            model(
                id=None if first_id is None else first_id + n,
                session=session,
                question=question,
                order=1,
                title=question.title,
                prompt=question.prompt,
                answer_text=words,
                version=1 if words else 0,
                saved_at=session.last_saved_at,
            )
            for n, session in enumerate(sessions)
        ),
    )


def make_interviews(
    questions: Questions, users: Sequence[User], *, at: datetime, attempts: int, ended: bool = True
) -> list[PracticeSession]:
    """One interview session each, with so many scored attempts."""
    question = questions.interview_question
    end = {"ended_at": at + timedelta(minutes=10), "ended_by": "learner"} if ended else {}
    sessions = insert(
        PracticeSession,
        (
            PracticeSession(
                id=uuid.uuid4(),
                user=user,
                started_at=at,
                last_activity_at=at,
                questions_count=attempts,
                avg_score=SCORE if attempts else None,
                **end,
            )
            for user in users
        ),
    )
    for _ in range(attempts):
        evaluations = make_evaluations(questions, users, at=at, kind="interview_attempt")
        insert(
            Attempt,
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
        )
    return sessions


def make_evaluations(
    questions: Questions,
    users: Sequence[User],
    *,
    at: datetime,
    kind: str = "practice_submission",
    status: str = "succeeded",
) -> list[Evaluation]:
    rubric = rubric_of(questions.question)
    same: dict[str, Any] = {
        "kind": kind,
        "status": status,
        "question_key": question_key(rubric),
        "input": {"rubric": rubric.to_json(), "answer": ANSWER, "diagram": None},
        "created_at": at,
    }
    if status == "succeeded":
        same |= {"band": "partial", "overall_score": SCORE, "finished_at": at}
    return insert(Evaluation, (Evaluation(owner=user, **same) for user in users))
