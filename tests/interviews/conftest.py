from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def question(db: None) -> Any:
    from tests.interviews.factories import QuestionFactory

    return QuestionFactory()


@pytest.fixture
def answered(question: Any) -> dict[str, Any]:
    """The body of a good attempt."""
    from tests.interviews.factories import ANSWER

    return {"question_id": question.pk, "answer_text": ANSWER, "time_spent_sec": 120}


@pytest.fixture
def learner(client, owner):
    """The pages as their owner sees them."""
    client.force_login(owner)
    return client


@pytest.fixture
def session(owner, question):
    """An open session of the owner."""
    from tests.interviews.factories import SessionFactory

    return SessionFactory(user=owner)
