"""A small interview bank, sessions and answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory

from common import clock
from practice.models import Question, QuestionMain
from sessions_app.interviews.models import Attempt, FollowUp, PracticeSession
from tests.factories import UserFactory

CATEGORIES = (
    "behavioral",
    "estimation",
    "metrics",
    "product_design",
    "product_strategy",
    "technical",
)
ANSWER = (
    "I would first clarify the goal and the users. The main user is the traveller who is in a "
    "hurry, so I segment by urgency. Then I list needs, choose the one that matters most because "
    "it is frequent, and propose three solutions with their trade-off. Finally I would measure "
    "success with the share of orders that are ready in time."
)
SAMPLE = (
    "Travellers differ by urgency. Choose the hurried traveller who has twenty minutes before "
    "boarding, because waiting in a queue costs that person the flight. Order ahead from the "
    "security line, collect at a shelf near the gate. The success metric is the share of orders "
    "ready in time, guarded by refunds for missed flights."
)


class SetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = QuestionMain

    slug = factory.Sequence(lambda n: f"set-{n}")
    kind = "interview"
    title = factory.LazyAttribute(lambda o: o.category.replace("_", " ").capitalize())
    category = "product_design"
    difficulty = "medium"
    minutes = 40
    summary = "Questions for practice."
    created_at = updated_at = factory.LazyFunction(clock.now)


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    question_main = factory.SubFactory(SetFactory)
    order = factory.Sequence(lambda n: n + 1)
    slug = factory.LazyAttribute(lambda o: f"question-{o.order}")
    title = factory.LazyAttribute(lambda o: f"Question {o.order}")
    prompt = "Design a coffee ordering app for travellers at an airport."
    framework_name = "Goal, users, needs, solutions"
    framework_steps = [{"title": "Name the users", "hint": "Who?", "cues": ["user", "segment"]}]
    structure_steps = [{"title": "Trade-off named", "cues": ["trade-off"]}]
    key_points = [
        {
            "title": "Travellers in a hurry",
            "text": "Segments travellers by urgency and chooses the hurried traveller.",
            "weight": 2,
            "aliases": ["hurry", "urgency"],
        },
        {
            "title": "Measures success",
            "text": "Names a success metric such as the share of orders ready in time.",
            "weight": 1,
            "aliases": ["ready in time"],
        },
    ]
    sample_answer = SAMPLE


class SessionFactory(factory.django.DjangoModelFactory):
    """Open, standard, just started; traits `ended` and `overdue` (10 minutes past a 10 min timer)."""

    class Meta:
        model = PracticeSession

    class Params:
        ended = factory.Trait(ended_at=factory.LazyFunction(clock.now), ended_by="learner")
        overdue = factory.Trait(
            mode="timed",
            timer_minutes=10,
            started_at=factory.LazyFunction(lambda: clock.now() - timedelta(minutes=20)),
            deadline=factory.LazyFunction(lambda: clock.now() - timedelta(minutes=10)),
        )

    user = factory.SubFactory(UserFactory)
    started_at = factory.LazyFunction(clock.now)
    last_activity_at = factory.SelfAttribute("started_at")


class AttemptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attempt

    session = factory.SubFactory(SessionFactory)
    question = factory.SubFactory(QuestionFactory)
    question_title = factory.SelfAttribute("question.title")
    question_prompt = factory.SelfAttribute("question.prompt")
    answer_text = ANSWER
    created_at = factory.LazyFunction(clock.now)


class FollowUpFactory(factory.django.DjangoModelFactory):
    """A question that was asked back and waits for its reply."""

    class Meta:
        model = FollowUp

    attempt = factory.SubFactory(AttemptFactory)
    number = 1
    question_text = "What would make you stop building it?"
    asked_at = factory.LazyFunction(clock.now)


def make_bank(per_category: int = 4) -> list[Question]:
    """Six sets, one a category, with some questions each."""
    made = []
    for category in CATEGORIES:
        question_set = SetFactory(category=category, slug=f"bank-{category}")
        made += [
            QuestionFactory(question_main=question_set, order=order, slug=f"q{order}")
            for order in range(1, per_category + 1)
        ]
    return made


def text_of(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())
