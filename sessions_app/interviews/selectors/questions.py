"""What the next question is, and what a learner has done with the bank so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Max

from accounts.models import User
from practice.models import Question, QuestionMain
from sessions_app.interviews import rules
from sessions_app.interviews.models import Attempt, PracticeSession

CATEGORY = "question__question_main__category"


@dataclass(frozen=True)
class NextQuestion:
    """`question` is None when nothing is left; `reason` is a sentence, `code` its machine word."""

    question: Question | None
    reason: str
    code: str


def categories() -> list[str]:
    """Categories of the interview bank, in alphabetical order."""
    rows = QuestionMain.objects.in_use().interview().order_by("category")
    return list(rows.values_list("category", flat=True).distinct())


def candidates_for(user: User, *, category: str | None) -> list[rules.Candidate]:
    """The bank's interview questions with the learner's last answer to each."""
    questions = Question.objects.in_use().interview()
    if category:
        questions = questions.filter(question_main__category=category)
    seen = last_answers(user)
    rows = questions.order_by("pk").values_list("pk", "question_main__category")
    return [rules.Candidate(pk, name, seen.get(pk)) for pk, name in rows]


def last_answers(user: User) -> dict[int, datetime]:
    """Question id → when the learner last answered it."""
    rows = Attempt.objects.visible_to(user).values_list("question_id")
    return dict(rows.annotate(last=Max("created_at")).order_by())


def category_averages(user: User) -> dict[str, float]:
    """Category → mean overall score 0–10 of all results the learner has been told."""
    rows = Attempt.objects.visible_to(user).scored().told()
    means = rows.values_list(CATEGORY).annotate(mean=Avg("overall_score")).order_by()
    return dict(means)


def next_question(session: PracticeSession, *, again: bool = False) -> NextQuestion:
    """The question this session asks next by `rules.RULE`; the same until something is answered."""
    answered = set(session.attempts.values_list("question_id", flat=True))
    if session.mode == PracticeSession.Mode.MOCK:
        choice = rules.choose_planned(session.plan, answered=answered, skipped=session.skipped)
    else:
        choice = rules.choose_next(
            candidates_for(session.user, category=session.category_filter),
            averages=category_averages(session.user),
            answered=answered,
            skipped=session.skipped,
            seed=str(session.pk),
            again=again,
        )
    question = None
    if choice.question_id is not None:
        rows = Question.objects.select_related("question_main")
        question = rows.get(pk=choice.question_id)
    return NextQuestion(question, choice.reason, choice.code)
