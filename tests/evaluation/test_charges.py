"""What is delivered is charged once, and only what is not delivered is given back."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from accounts.errors import DailyLimitReached
from accounts.models import DailyUsage, UsageReservation
from common import clock
from evaluation.errors import NotCancellable
from evaluation.models import Evaluation
from evaluation.services.queue import give_up
from evaluation.services.reevaluating import reevaluate
from evaluation.services.requests import (
    cancel_evaluation,
    request_evaluation,
    retry_evaluation,
    use_local_check,
)
from evaluation.services.running import run_evaluation
from tests.evaluation.factories import GOOD, RUBRIC, make_evaluation
from tests.factories import UserFactory
from tests.threads import run_together

Status = Evaluation.Status


def taken(user):
    return sum(DailyUsage.objects.filter(user=user).values_list("taken", flat=True))


def delivered(user):
    return Evaluation.objects.filter(owner=user, status=Status.SUCCEEDED).count()


def retried(evaluation):
    return retry_evaluation(evaluation=evaluation, now=clock.now())


@pytest.fixture
def limit_of_4(settings):
    settings.DAILY_LIMITS = {**settings.DAILY_LIMITS, "free": {"evaluation": 4}}


@pytest.mark.django_db
def test_submit_cancel_and_retry_in_a_loop_delivers_what_is_charged(owner, limit_of_4):
    """40 were delivered and 3 charged."""
    for _ in range(4):
        evaluation = make_evaluation(owner=owner, now=clock.now())
        cancel_evaluation(evaluation=evaluation, now=clock.now())
        retried(evaluation)
        run_evaluation(evaluation_id=evaluation.pk)

    with pytest.raises(DailyLimitReached):
        make_evaluation(owner=owner, now=clock.now())
    assert delivered(owner) == taken(owner) == 4


@pytest.mark.django_db
def test_a_use_given_back_and_spent_elsewhere_is_not_there_for_a_retry(owner, limit_of_4):
    first = make_evaluation(owner=owner, now=clock.now())
    cancel_evaluation(evaluation=first, now=clock.now())
    for _ in range(4):
        make_evaluation(owner=owner, now=clock.now())

    with pytest.raises(DailyLimitReached):
        retried(first)

    first.refresh_from_db()
    assert (first.status, taken(owner)) == (Status.CANCELLED, 4)
    assert UsageReservation.objects.get(subject_id=str(first.pk)).state == "released"


@pytest.mark.django_db
def test_the_local_check_instead_of_a_failed_verdict_is_charged_once(owner):
    evaluation = make_evaluation(owner=owner, now=clock.now(), tries=9)
    give_up(evaluation, now=clock.now())
    assert taken(owner) == 0

    use_local_check(evaluation=evaluation, now=clock.now())
    run_evaluation(evaluation_id=evaluation.pk)

    assert delivered(owner) == taken(owner) == 1


@pytest.mark.django_db
def test_cancelling_what_staff_had_judged_again_gives_nothing_back(owner):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    run_evaluation(evaluation_id=evaluation.pk)
    reevaluate(evaluations=Evaluation.objects.all(), now=clock.now())

    evaluation.refresh_from_db()
    cancel_evaluation(evaluation=evaluation, now=clock.now())

    assert taken(owner) == 1


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_cancellation_that_races_with_the_delivery_is_charged_or_given_back():
    owner = UserFactory()
    for _ in range(6):
        evaluation = make_evaluation(owner=owner, now=clock.now())
        cancel = partial(cancel_evaluation, evaluation=evaluation, now=clock.now())
        results = run_together([partial(run_evaluation, evaluation_id=evaluation.pk), cancel])

        evaluation.refresh_from_db()
        assert evaluation.status in (Status.SUCCEEDED, Status.CANCELLED)
        assert isinstance(results[1], NotCancellable) == (evaluation.status == Status.SUCCEEDED)
        assert delivered(owner) == taken(owner)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_retries_at_once_take_no_more_than_is_left(limit_of_4):
    owner = UserFactory()
    cancelled = [make_evaluation(owner=owner, now=clock.now()) for _ in range(4)]
    for evaluation in cancelled:
        cancel_evaluation(evaluation=evaluation, now=clock.now())
    for _ in range(2):
        make_evaluation(owner=owner, now=clock.now())

    results = run_together([partial(retried, evaluation) for evaluation in cancelled])

    assert sum(isinstance(result, DailyLimitReached) for result in results) == 2
    assert taken(owner) == 4
    assert Evaluation.objects.filter(owner=owner, status=Status.QUEUED).count() == 4


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_the_whole_dialogue_is_not_free_because_the_first_was_cancelled_at_that_moment():
    owner = UserFactory(plan="premium")
    for number in range(1, 7):
        first = make_evaluation(owner=owner, now=clock.now())
        cancel = partial(cancel_evaluation, evaluation=first, now=clock.now())
        whole, _ = run_together([partial(whole_of, first), cancel])

        assert isinstance(whole, Evaluation)
        run_evaluation(evaluation_id=whole.pk)
        assert delivered(owner) == taken(owner) == number


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_both_of_a_dialogue_cancelled_at_once_give_their_one_use_back():
    owner = UserFactory()
    for _ in range(6):
        both = [first := make_evaluation(owner=owner, now=clock.now()), whole_of(first)]
        cancels = [partial(cancel_evaluation, evaluation=one, now=clock.now()) for one in both]
        assert [one.status for one in run_together(cancels)] == [Status.CANCELLED] * 2
        assert taken(owner) == 0


def whole_of(first):
    with transaction.atomic():
        return request_evaluation(
            owner=first.owner,
            kind=first.kind,
            rubric=RUBRIC,
            answer=GOOD,
            paid_by=first,
            now=clock.now(),
        )
