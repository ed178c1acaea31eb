"""Sets, sessions and answers for practice tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import factory

from accounts.models import User
from evaluation.models import Evaluation
from practice.models import PracticeMain, Question, QuestionMain, Submission
from practice.services.drafts import save_draft
from practice.services.sessions import start_session
from practice.services.submissions import submit_answer
from practice.services.whiteboards import save_whiteboard
from tests.factories import UserFactory

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
# Meets the first key point of QuestionFactory, and states a trade-off.
ANSWER = (
    "I would keep each object on three machines in different racks, so that three copies exist. "
    "A background process detects a lost copy and repairs it from the others, at the cost of "
    "network traffic between racks, which we cap so that readers do not notice the repair."
)
BOARD = {
    "elements": [
        {"id": "a", "type": "rectangle", "x": 0, "y": 0, "width": 90, "height": 50},
        {"id": "t", "type": "text", "containerId": "a", "text": "API <b>", "x": 20, "y": 20},
        {"id": "r", "type": "arrow", "x": 90, "y": 25, "points": [[0, 0], [200, 0]]},
    ]
}


class QuestionMainFactory(factory.django.DjangoModelFactory):
    """A design set without questions; `make_set` adds them."""

    class Meta:
        model = QuestionMain

    class Params:
        interview = factory.Trait(kind="interview", category="metrics", sample_writeup="")
        retired = factory.Trait(retired_at=NOW)

    slug = factory.Sequence(lambda n: f"design-thing-{n}")
    kind = "design"
    title = factory.Sequence(lambda n: f"Design thing {n}")
    category = "storage"
    difficulty = "medium"
    minutes = 45
    summary = "Build a thing that keeps things."
    sample_writeup = "# The thing\n\nIt keeps things in three copies."
    created_at = NOW
    updated_at = NOW


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    question_main = factory.SubFactory(QuestionMainFactory)
    order = 1
    slug = factory.LazyAttribute(lambda o: f"question-{o.order}")
    title = factory.LazyAttribute(lambda o: f"Question {o.order}")
    prompt = factory.LazyAttribute(
        lambda o: f"Part {o.order}: how does the store keep objects when a disk is lost?"
    )
    framework_name = "Scope, load, budget"
    framework_steps = [{"title": "State the load", "cues": ["per second"], "hint": "Numbers first"}]
    structure_steps = [{"title": "Trade-off named", "cues": ["at the cost of"], "hint": ""}]
    key_points = [
        {
            "title": "Replication",
            "text": "Each object is replicated to three machines in different racks.",
            "weight": 2.0,
            "aliases": ["three copies"],
        },
        {
            "title": "Repair",
            "text": "A background process detects lost copies and repairs them from the others.",
            "weight": 1.0,
            "aliases": [],
        },
    ]
    sample_answer = (
        "Each object is replicated to three machines in different racks. A background process "
        "detects lost copies and repairs them from the others, at the cost of network traffic."
    )


def make_set(questions: int = 3, **kwargs: Any) -> QuestionMain:
    row = QuestionMainFactory(**kwargs)
    for order in range(1, questions + 1):
        QuestionFactory(question_main=row, order=order)
    return row


def make_session(user: Any = None, *, questions: int = 3, now: datetime = NOW) -> PracticeMain:
    user = user or UserFactory(plan="premium")
    row = make_set(questions)
    return start_session(user=user, question_main_id=row.pk, now=now)[0]


def question_ids(session: PracticeMain) -> list[int]:
    return list(session.practices.order_by("order").values_list("question_id", flat=True))


def give_verdict(evaluation_id: int, *, overall: float = 6.4, **levels: str) -> None:
    """Store a verdict as the evaluator would: `levels` maps key point titles to levels."""
    levels = levels or {"Replication": "met", "Repair": "missed"}
    Evaluation.objects.filter(pk=evaluation_id).update(
        status="succeeded",
        band="partial",
        overall_score=overall,
        completeness_score=5.0,
        structure_score=5.0,
        framework_score=None,
        strengths=["You name replication."],
        improvements=["Say how a lost copy is found."],
        statement="This estimate checks which rubric points your text touches.",
        key_points=[
            {
                "title": title,
                "level": level,
                "quotes": [{"text": "three copies", "start": 0, "end": 12}] * (level == "met"),
            }
            for title, level in levels.items()
        ],
        finished_at=NOW,
    )


def address_of(session: PracticeMain, order: int = 1) -> str:
    """The page of a question."""
    return f"/practice/sessions/{session.pk}/questions/{order}"


def answered(session: PracticeMain, text: str = ANSWER) -> Submission:
    """A try at the first question, whose verdict has yet to come."""
    return submit_answer(
        user=session.user,
        session_id=session.pk,
        question_id=question_ids(session)[0],
        answer_text=text,
        now=NOW,
    )


def make_worked_session(user: User) -> PracticeMain:
    """Two of three questions touched: one submitted twice and scored, one only drafted; a board
    that was saved twice."""
    session = make_session(user)
    first, second, _ = question_ids(session)
    where = {"user": user, "session_id": session.pk, "now": NOW}
    save_draft(**where, question_id=first, answer_text="An idea", base_version=0)
    for text in ("Three copies in three racks, nothing else, short.", ANSWER):
        give_verdict(answered(session, text).evaluation_id)
    save_draft(**where, question_id=second, answer_text="Only a draft", base_version=0)
    shape = {"id": "a", "type": "rectangle", "x": 0, "y": 0, "width": 9, "height": 9}
    for version in range(2):
        scene = {"elements": [shape], "version": version}
        save_whiteboard(**where, scene=scene, base_version=version)
    return session
