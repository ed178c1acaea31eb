"""The next question, and the learner's past answers that decide about it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from accounts.models import User
from common.db import compiled
from practice.models import Question, QuestionMain
from sessions_app.interviews import rules
from sessions_app.interviews.models import Attempt, PracticeSession
from sessions_app.interviews.policies import get_question
from sessions_app.interviews.querysets import RESULT_VISIBLE

CATEGORY = "question__question_main__category"


@dataclass(frozen=True)
class NextQuestion:
    """`question` is None when none is left; `reason` is a sentence, `code` its name."""

    question: Question | None
    reason: str
    code: str


@dataclass(frozen=True)
class Past:
    """What a learner has done with the bank: question id → when it was last answered, category →
    mean overall score 0–10 of all visible results, and what one session has asked."""

    last: dict[int, datetime]
    averages: dict[str, float]
    answered: frozenset[int]


@compiled
def answered_questions(user_id: int, session_id: uuid.UUID | None) -> QuerySet[Any, Any]:
    """One row per question that the learner has ever answered."""
    rows = Attempt.objects.visible_to(User(pk=user_id)).order_by()
    return rows.values_list("question_id", CATEGORY).annotate(
        last=Max("created_at"),
        here=Count("pk", filter=Q(session_id=session_id)),
        scores=Count("overall_score", filter=RESULT_VISIBLE),
        total=Sum("overall_score", filter=RESULT_VISIBLE),
    )


@compiled
def bank() -> QuerySet[Any, Any]:
    rows = Question.objects.in_use().interview().order_by("pk")
    return rows.values_list("pk", "question_main__category")


@compiled
def bank_of_category(category: str) -> QuerySet[Any, Any]:
    rows = Question.objects.filter(question_main__category=category).in_use().interview()
    return rows.order_by("pk").values_list("pk", "question_main__category")


@compiled
def sets_of_category(name: str) -> QuerySet[Any, Any]:
    return QuestionMain.objects.in_use().interview().filter(category=name).values_list("pk")


def categories() -> list[str]:
    """Categories of the interview bank, in alphabetical order."""
    rows = QuestionMain.objects.in_use().interview().order_by("category")
    return list(rows.values_list("category", flat=True).distinct())


def has_category(name: str) -> bool:
    return bool(sets_of_category.all(name=name))


def candidates_for(past: Past, *, category: str | None) -> list[rules.Candidate]:
    """The bank's interview questions with the learner's last answer to each."""
    rows = bank_of_category.all(category=category) if category else bank.all()
    return [rules.Candidate(pk, name, past.last.get(pk)) for pk, name in rows]


def past_of(user: User, *, session_id: uuid.UUID | None = None) -> Past:
    """The learner's past with the bank; `answered` is that of one session."""
    rows = answered_questions.all(user_id=user.pk, session_id=session_id)
    sums: dict[str, list[float]] = {}
    for _, category, _, _, count, total in rows:
        if count:
            mean = sums.setdefault(category, [0, 0])
            mean[0], mean[1] = mean[0] + total, mean[1] + count
    return Past(
        last={row[0]: row[2] for row in rows},
        averages={category: total / count for category, (total, count) in sums.items()},
        answered=frozenset(row[0] for row in rows if row[3]),
    )


def category_averages(user: User) -> dict[str, float]:
    """Category → mean overall score 0–10 of all results that the learner may see."""
    return past_of(user).averages


def plan_of(session: PracticeSession) -> list[int]:
    """The fixed questions of a mock interview that is about to begin."""
    past = past_of(session.user)
    return rules.plan_mock(
        candidates_for(past, category=session.category_filter),
        averages=past.averages,
        seed=str(session.pk),
    )


def next_question(session: PracticeSession, *, again: bool = False) -> NextQuestion:
    """The question this session asks next by `rules.RULE`; the same until something is answered."""
    past = past_of(session.user, session_id=session.pk)
    if session.mode == PracticeSession.Mode.MOCK:
        choice = rules.choose_planned(session.plan, answered=past.answered, skipped=session.skipped)
    else:
        choice = rules.choose_next(
            candidates_for(past, category=session.category_filter),
            averages=past.averages,
            answered=past.answered,
            skipped=session.skipped,
            seed=str(session.pk),
            again=again,
        )
    question = None if choice.question_id is None else get_question(choice.question_id)
    return NextQuestion(question, choice.reason, choice.code)
