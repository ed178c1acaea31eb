"""Rows that are their own queue: claimed by one, fenced, counted, requeued; and their message."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from common import clock, jobs
from evaluation.models import Evaluation
from tests.evaluation.factories import make_evaluation
from tests.factories import UserFactory
from tests.threads import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
LEASE = timedelta(minutes=1)
ROWS = Evaluation.objects


@pytest.fixture
def rows():
    owner = UserFactory(plan="premium")
    return [make_evaluation(owner=owner, now=clock.now()) for _ in range(12)]


@pytest.fixture
def row():
    return make_evaluation(owner=UserFactory(), now=clock.now())


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(jobs, "_send", lambda name, args: messages.append((name, *args)))
    return messages


def claim(pk, now):
    return ROWS.claim(pk, now=now, lease=LEASE, status="running")


def test_of_many_workers_at_once_one_claims_the_row(row):
    now = clock.now()

    held = run_together([lambda: claim(row.pk, now)] * 8)

    assert sum(job is not None for job in held) == 1
    row.refresh_from_db()
    assert (row.tries, row.status, row.claimed_until) == (1, "running", now + LEASE)


def test_many_workers_that_take_the_next_share_the_rows_out(rows):
    now = clock.now()

    def work():
        taken = []
        while job := ROWS.claim_next(now=now, lease=LEASE, status="running"):
            taken.append(job.pk)
        return taken

    shares = run_together([work] * 6)

    taken = [pk for share in shares for pk in share]
    assert len(taken) == len(set(taken))
    # Who found every free row just being taken by others has gone; the next look finds the rest.
    assert sorted(taken + work()) == sorted(row.pk for row in rows)


def test_the_next_is_the_first_of_the_order_that_is_asked_for(rows):
    now = clock.now()
    ROWS.filter(pk=rows[7].pk).update(kind="urgent")

    first, second = (ROWS.order_by("-kind", "pk").claim_next(now=now, lease=LEASE) for _ in "12")

    assert (first.pk, second.pk) == (rows[7].pk, rows[0].pk)


def test_who_lost_the_claim_stores_nothing_and_cannot_extend_it(row):
    now = clock.now()
    slow = claim(row.pk, now)
    assert claim(row.pk, now) is None
    quick = claim(row.pk, now + LEASE)

    assert quick.tries == 2
    assert ROWS.held_by(slow).update(stage="late") == 0
    assert not ROWS.extend(slow, now=now, lease=LEASE)
    assert ROWS.extend(quick, now=now + LEASE, lease=2 * LEASE)
    assert claim(row.pk, now + 2 * LEASE) is None


def test_a_claim_may_be_taken_from_its_holder(row):
    now = clock.now()
    before = claim(row.pk, now)

    after = ROWS.unfinished().take(row.pk, now=now, lease=LEASE)

    assert not ROWS.held_by(before).exists()
    assert ROWS.held_by(after).exists()


def test_a_row_waits_for_its_next_try_and_a_finished_one_is_never_due(row):
    now = clock.now()
    ROWS.update(next_try_at=now + LEASE)
    assert claim(row.pk, now) is None
    assert claim(row.pk, now + LEASE)

    ROWS.update(status="failed", **jobs.RELEASED)
    assert not ROWS.due_at(now + 10 * LEASE).exists()


def test_requeue_wakes_what_is_due_and_ends_what_used_up_its_tries(rows, sent):
    now = clock.now()
    claim(rows[0].pk, now)
    ROWS.filter(pk=rows[1].pk).update(tries=3)
    ended = []

    count = jobs.requeue(
        ROWS.due_at(now).order_by("pk"), task_name="run", max_tries=3, give_up=ended.append
    )

    assert count == 11
    assert ended == [rows[1]]
    assert sent == [("run", row.pk) for row in rows[2:]]


def test_a_message_goes_out_when_the_transaction_commits_and_only_then(sent):
    with transaction.atomic():
        jobs.send_on_commit("run", 1)
        assert sent == []
    assert sent == [("run", 1)]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.send_on_commit("run", 2)
        raise ZeroDivisionError
    assert sent == [("run", 1)]


def test_a_broker_that_fails_is_left_alone_for_a_while(monkeypatch, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    asked = []

    def refuse():
        asked.append("broker")
        raise ConnectionError

    monkeypatch.setattr(jobs, "_write_connection", refuse)
    jobs.forget_failures()
    for _ in range(3):
        jobs.send_on_commit("run", 1)
    assert asked == ["broker"]

    jobs.forget_failures()
    jobs.send_on_commit("run", 1)
    assert asked == ["broker", "broker"]
    jobs.forget_failures()
