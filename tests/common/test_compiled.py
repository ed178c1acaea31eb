"""A compiled queryset answers exactly as the queryset does."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection, transaction
from django.forms.models import model_to_dict

from accounts.models import ApiToken
from accounts.services.tokens import issue_token
from common.db import compiled
from practice.models import Question
from sessions_app.interviews.models import PracticeSession
from tests.interviews.factories import QuestionFactory
from tests.threads import run_together

pytestmark = pytest.mark.django_db


@compiled
def tokens_of(user_id):
    return ApiToken.objects.filter(user_id=user_id).select_related("user").order_by("-created")


@compiled
def titles(pk):
    return Question.objects.filter(pk=pk).values_list("title", "key_points", "question_main")


@compiled
def key_points(pk):
    return Question.objects.filter(pk=pk).values_list("key_points", flat=True)


@compiled
def names(user_id):
    rows = ApiToken.objects.filter(user_id=user_id).order_by().values_list("name", "user_id")
    return rows.union(rows.filter(name="a"), all=True)


@compiled
def locked(pk):
    return PracticeSession.objects.select_for_update().filter(pk=pk)


def test_instances_come_with_what_is_related(owner, stranger, django_assert_max_num_queries):
    first, second = (issue_token(user=owner, name=name)[0] for name in "ab")
    issue_token(user=stranger)

    for _ in range(2):
        with django_assert_max_num_queries(1):
            found = tokens_of.all(user_id=owner.pk)
            assert [token.user.email for token in found] == [owner.email] * 2
    assert found == [second, first]
    assert model_to_dict(found[0]) == model_to_dict(ApiToken.objects.get(pk=second.pk))


def test_each_call_gets_its_own_values(owner, stranger):
    assert tokens_of.first(user_id=owner.pk) is None

    token, _ = issue_token(user=stranger)

    assert tokens_of.first(user_id=owner.pk) is None
    assert tokens_of.first(user_id=stranger.pk) == token


def test_tuples_are_converted_as_the_queryset_does():
    question = QuestionFactory()

    expected = (question.title, question.key_points, question.question_main_id)
    assert titles.all(pk=question.pk) == [expected]
    assert isinstance(expected[1], list)


def test_single_values_and_both_halves_of_a_union(owner, stranger):
    for user in (owner, stranger):
        issue_token(user=user, name="a")
    question = QuestionFactory()

    assert key_points.all(pk=question.pk) == [question.key_points]
    assert key_points.first(pk=question.pk + 1) is None
    assert names.all(user_id=owner.pk) == [("a", owner.pk)] * 2


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_sql_and_nothing_else(owner, stranger):
    wanted = {user.pk: issue_token(user=user)[0] for user in (owner, stranger)}
    calls = [lambda pk=pk: tokens_of.all(user_id=pk) for pk in wanted for _ in range(4)]

    assert run_together(calls) == [[wanted[pk]] for pk in wanted for _ in range(4)]


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused():
    for _ in range(2):
        with transaction.atomic():
            assert locked.first(pk=uuid.uuid4()) is None
        if connection.vendor == "postgresql":
            with pytest.raises(transaction.TransactionManagementError):
                locked.first(pk=uuid.uuid4())
