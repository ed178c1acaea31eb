import pytest
from django.db import connection, transaction


@pytest.fixture
def bank(db):
    """Two design questions of two sets and an interview question: what faults are sown on."""
    from tests.interviews.factories import QuestionFactory as InterviewQuestionFactory
    from tests.practice.factories import QuestionFactory

    QuestionFactory()
    QuestionFactory()
    InterviewQuestionFactory()
    yield
    if connection.in_atomic_block:
        # Rolled back unseen: SQLite's test case would stumble over the orphans that were sown.
        transaction.set_rollback(True)
