import threading

import pytest
from django.db import connection, transaction


@pytest.fixture
def bank(db):
    """Two design questions of two sets and an interview question: what faults are seeded on."""
    from tests.interviews.factories import QuestionFactory as InterviewQuestionFactory
    from tests.practice.factories import QuestionFactory

    QuestionFactory()
    QuestionFactory()
    InterviewQuestionFactory()
    yield
    if connection.in_atomic_block:
        # Rolled back unseen: SQLite's test case would stumble over the orphans that were seeded.
        transaction.set_rollback(True)


@pytest.fixture
def missing(db):
    """Somebody without a subscription."""
    from accounts.models import Subscription
    from tests.factories import UserFactory

    user = UserFactory()
    Subscription.objects.filter(user=user).delete()
    return user


@pytest.fixture
def naive_tables(transactional_db):
    from tests.diagnostics.naive import TABLES

    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE naive_session, naive_question, naive_usage")


@pytest.fixture
def gate():
    """Everybody waits here until all have come; who was refused on the way breaks the test."""
    from tests.diagnostics.naive import AT_ONCE

    return threading.Barrier(AT_ONCE, timeout=20)
