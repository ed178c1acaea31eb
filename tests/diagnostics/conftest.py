import pytest


@pytest.fixture
def bank(db):
    """Two design questions of two sets and an interview question: what faults are sown on."""
    from tests.interviews.factories import QuestionFactory as InterviewQuestionFactory
    from tests.practice.factories import QuestionFactory

    QuestionFactory()
    QuestionFactory()
    InterviewQuestionFactory()
