"""A prepared question answers exactly as its queryset does; an insert is at peace with a twin."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict

from accounts.models import ApiToken, DailyUsage
from accounts.services.tokens import issue_token
from common.inserts import insert, insert_if_absent
from common.prepared import Prepared, PreparedUpdate
from practice.models import Question
from sessions_app.interviews.models import PracticeSession
from tests import NOW
from tests.interviews.factories import QuestionFactory

pytestmark = pytest.mark.django_db

tokens_of = Prepared(
    lambda user_id: (
        ApiToken.objects.filter(user_id=user_id).select_related("user").order_by("-created")
    )
)
titles = Prepared(
    lambda pk: Question.objects.filter(pk=pk).values_list("title", "key_points", "question_main")
)

counts = PreparedUpdate(
    lambda user_id, taken: DailyUsage.objects.filter(user_id=user_id, taken=taken), "taken"
)
locked = Prepared(lambda pk: PracticeSession.objects.select_for_update().filter(pk=pk))


def test_instances_come_with_what_is_related(owner, stranger, django_assert_num_queries):
    first, second = (issue_token(user=owner, name=name)[0] for name in "ab")
    issue_token(user=stranger)

    for _ in range(2):
        with django_assert_num_queries(1):
            found = tokens_of.all(user_id=owner.pk)
            assert [token.user.email for token in found] == [owner.email] * 2
    assert found == [second, first]
    assert model_to_dict(found[0]) == model_to_dict(ApiToken.objects.get(pk=second.pk))


def test_each_call_gets_its_own_values(owner, stranger):
    assert tokens_of.first(user_id=owner.pk) is None

    token, _ = issue_token(user=stranger)

    assert tokens_of.first(user_id=owner.pk) is None
    assert tokens_of.first(user_id=stranger.pk) == token


def test_tuples_are_converted_as_ever():
    question = QuestionFactory()

    expected = (question.title, question.key_points, question.question_main_id)
    assert titles.all(pk=question.pk) == [expected]
    assert isinstance(expected[1], list)


def test_single_values_and_both_halves_of_a_union(owner, stranger):
    for user in (owner, stranger):
        issue_token(user=user, name="a")

    def names(user_id):
        rows = ApiToken.objects.filter(user_id=user_id).order_by().values_list("name", "user_id")
        return rows.union(rows.filter(name="a"), all=True)

    flat = Prepared(lambda pk: Question.objects.filter(pk=pk).values_list("key_points", flat=True))
    question = QuestionFactory()

    assert flat.all(pk=question.pk) == [question.key_points]
    assert flat.first(pk=question.pk + 1) is None
    assert Prepared(names).all(user_id=owner.pk) == [("a", owner.pk)] * 2


def test_an_update_changes_what_its_question_finds_and_says_how_many(owner, stranger):
    theirs = insert(DailyUsage(user=stranger, day=NOW.date(), kind="evaluation", taken=1))
    mine = insert(DailyUsage(user=owner, day=NOW.date(), kind="evaluation", taken=1))
    day = {"user_id": owner.pk, "taken": 1}

    assert [counts.run(day, taken=taken) for taken in (1, 7, 8)] == [1, 1, 0]

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.taken, theirs.taken) == (7, 1)


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused():
    for _ in range(2):
        with transaction.atomic():
            assert locked.first(pk=uuid.uuid4()) is None
        if connection.vendor == "postgresql":
            with pytest.raises(transaction.TransactionManagementError):
                locked.first(pk=uuid.uuid4())


def test_an_insert_lets_every_constraint_speak(owner):
    insert(DailyUsage(user=owner, day=NOW.date(), kind="evaluation"))

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(DailyUsage(user=owner, day=NOW.date(), kind="evaluation"))


def test_of_two_rows_with_one_key_the_first_stays(owner):
    first = DailyUsage(user=owner, day=NOW.date(), kind="evaluation", taken=1)
    second = DailyUsage(user=owner, day=NOW.date(), kind="evaluation", taken=2)

    with transaction.atomic():
        assert insert_if_absent(first) is True
        assert insert_if_absent(second) is False

    assert first.pk is not None
    assert second.pk is None
    assert DailyUsage.objects.get() == first
    assert DailyUsage.objects.get().taken == 1


def test_a_key_of_ones_own_and_json_are_written_as_they_are(owner):
    wanted = PracticeSession(
        id=uuid.uuid4(), user=owner, started_at=NOW, last_activity_at=NOW, plan=[3, 1]
    )

    assert insert_if_absent(wanted) is True
    assert insert_if_absent(wanted) is False

    stored = PracticeSession.objects.get()
    assert model_to_dict(stored) == model_to_dict(wanted)
    assert (stored.pk, stored.plan, stored.started_at) == (wanted.pk, [3, 1], NOW)
    assert wanted._state.adding is False
