"""The job: claim, judge, store once; failures, retries, cancels and silent workers."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.models import DailyUsage
from common import clock
from common.jobs import backoff
from evaluation import subjects
from evaluation.models import Evaluation
from evaluation.providers.errors import Misconfigured, Unreachable
from evaluation.services.queue import claim, requeue_stalled
from evaluation.services.requests import cancel_evaluation, retry_evaluation
from evaluation.services.running import run_evaluation
from evaluation.services.storing import store_failure, store_verdict
from evaluation.transitions import MOVES, IllegalMove, may_move, move
from evaluation.types import Rubric, Verdict
from tests.evaluation.factories import GOOD, RUBRIC, make_evaluation
from tests.factories import UserFactory
from tests.threads import run_together

Status = Evaluation.Status
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def notified(monkeypatch):
    calls = []
    monkeypatch.setitem(subjects._registered, "practice_submission", lambda e: calls.append(e.pk))
    return calls


@pytest.fixture
def owner():
    return UserFactory()


def test_a_queued_answer_is_judged_and_its_subject_notified_once(owner, notified):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"
    assert run_evaluation(evaluation_id=evaluation.pk) == "not_due"
    evaluation.refresh_from_db()
    assert evaluation.provider == "local"
    assert evaluation.band in {"partial", "strong"}
    assert evaluation.completeness_score and evaluation.completeness_score > 6
    assert evaluation.claim is None and evaluation.stage == ""
    assert notified == [evaluation.pk]
    for point in evaluation.key_points:
        for quote in point["quotes"]:
            assert GOOD[quote["start"] : quote["end"]] == quote["text"]


def test_many_workers_at_once_make_one_verdict(owner, notified):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    results = run_together([lambda: run_evaluation(evaluation_id=evaluation.pk)] * 6)
    assert sorted(results) == ["not_due"] * 5 + ["succeeded"]
    assert notified == [evaluation.pk]


def test_a_holder_that_lost_its_claim_stores_nothing(owner, notified):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    slow = claim(evaluation_id=evaluation.pk, now=clock.now())
    later = clock.now() + timedelta(hours=1)
    quick = claim(evaluation_id=evaluation.pk, now=later)
    assert slow and quick and quick.tries == 2
    verdict = Verdict(status="succeeded", provider="local", overall_score=9.9, band="strong")
    assert store_verdict(evaluation=slow, verdict=verdict, now=later) == "superseded"
    assert store_failure(evaluation=slow, error=Unreachable(), now=later) == "superseded"
    evaluation.refresh_from_db()
    assert evaluation.status == Status.RUNNING and evaluation.overall_score is None
    assert notified == []


def test_a_fault_queues_the_next_try_and_the_last_one_ends_as_failed(owner, notified, settings):
    settings.EVALUATION_MAX_TRIES = 2
    evaluation = make_evaluation(owner=owner, now=clock.now())
    at = clock.now()
    first = claim(evaluation_id=evaluation.pk, now=at)
    assert store_failure(evaluation=first, error=Unreachable(), now=at) == "queued"
    assert claim(evaluation_id=evaluation.pk, now=at) is None
    at += timedelta(minutes=20)
    second = claim(evaluation_id=evaluation.pk, now=at)
    assert store_failure(evaluation=second, error=Unreachable(), now=at) == "failed"
    evaluation.refresh_from_db()
    assert evaluation.error == Unreachable().message and evaluation.overall_score is None
    assert notified == [evaluation.pk]
    assert DailyUsage.objects.get(user=owner, kind="evaluation").taken == 0


def test_a_fault_that_no_try_can_mend_fails_at_once(owner):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    held = claim(evaluation_id=evaluation.pk, now=clock.now())
    assert store_failure(evaluation=held, error=Misconfigured(), now=clock.now()) == "failed"


def test_waits_are_capped_whatever_the_server_asks_for():
    assert backoff(tries=1) < timedelta(seconds=10)
    assert timedelta(seconds=25) < backoff(tries=1, retry_after=30) < timedelta(seconds=31)
    assert backoff(tries=3, retry_after=86_400) == timedelta(minutes=10)
    assert backoff(tries=40) == timedelta(minutes=10)


def test_a_silent_worker_delays_and_a_poisonous_answer_ends(owner, notified, settings):
    settings.EVALUATION_MAX_TRIES = 2
    evaluation = make_evaluation(owner=owner, now=clock.now())
    claim(evaluation_id=evaluation.pk, now=clock.now())
    assert requeue_stalled(now=clock.now()) == 0
    later = clock.now() + timedelta(hours=1)
    assert requeue_stalled(now=later) == 1
    claim(evaluation_id=evaluation.pk, now=later)
    assert requeue_stalled(now=later + timedelta(hours=1)) == 1
    evaluation.refresh_from_db()
    assert evaluation.status == Status.FAILED and evaluation.error_code == "lost"
    assert notified == [evaluation.pk]


def test_cancel_gives_the_use_back_and_stops_a_running_worker(owner):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    held = claim(evaluation_id=evaluation.pk, now=clock.now())
    cancel_evaluation(evaluation=evaluation, now=clock.now())
    verdict = Verdict(status="succeeded", provider="local", overall_score=9.9, band="strong")
    assert store_verdict(evaluation=held, verdict=verdict, now=clock.now()) == "superseded"
    assert DailyUsage.objects.get(user=owner, kind="evaluation").taken == 0
    retry_evaluation(evaluation=evaluation, now=clock.now())
    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"
    assert DailyUsage.objects.get(user=owner, kind="evaluation").taken == 1


def test_an_answer_without_content_is_withheld_without_any_number(owner):
    evaluation = make_evaluation(owner=owner, now=clock.now(), answer=RUBRIC.prompt * 4)
    assert run_evaluation(evaluation_id=evaluation.pk) == "withheld"
    evaluation.refresh_from_db()
    assert evaluation.withheld_reason == "restates_question" and evaluation.statement
    assert evaluation.overall_score is None and evaluation.band == "" and not evaluation.key_points


def test_a_broken_snapshot_ends_in_the_row_and_not_in_the_worker(owner):
    evaluation = make_evaluation(owner=owner, now=clock.now(), input={"answer": 5})
    assert run_evaluation(evaluation_id=evaluation.pk) == "queued"
    evaluation.refresh_from_db()
    assert evaluation.error_code == "internal" and evaluation.next_try_at > clock.now()


def test_the_moves_are_exactly_the_table_s(owner):
    evaluation = make_evaluation(owner=owner, now=clock.now())
    for source in Status.values:
        for target in Status.values:
            running = {"claim": uuid.uuid4(), "claimed_until": clock.now()}
            Evaluation.objects.filter(pk=evaluation.pk).update(status=source, **running)
            if target in MOVES[source]:
                assert move(evaluation.pk, source=source, target=target)
                assert not move(evaluation.pk, source=source, target=target)
            else:
                assert not may_move(source, target)
                with pytest.raises(IllegalMove):
                    move(evaluation.pk, source=source, target=target)


def test_a_rubric_survives_its_journey_through_json():
    assert Rubric.from_json(RUBRIC.to_json()) == RUBRIC
