"""The specific issues of practice-diagnostics.md, in pairs: rapid clicks, locks, and torn starts."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.models import DailyUsage, UsageReservation
from accounts.services import usage
from common import clock, locks
from practice.models import Practice, PracticeMain
from practice.services import sessions
from tests.diagnostics.naive import AT_ONCE, START, held_before, naive_insert, naive_sessions, run
from tests.factories import UserFactory
from tests.practice.factories import make_set
from tests.services import on_sqlite
from tests.threads import run_together

pytestmark = [
    pytest.mark.skipif(on_sqlite(), reason="SQLite lets one transaction write at a time"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("naive_tables"),
]

# 4. Race conditions: rapid clicks, and a lock that nobody stands behind


def test_a_lock_that_expires_under_a_slow_holder_lets_the_next_one_in(gate):
    user = UserFactory()

    def locked_insert():
        with locks.lock(f"naive:{user.pk}", timeout=0.1, wait=10):
            if not naive_sessions(user):
                gate.wait()  # the holder is slow: its lock is over before it inserts
                naive_insert(user)

    run_together([locked_insert] * AT_ONCE)

    assert len(naive_sessions(user)) == AT_ONCE


def test_clicks_that_outwait_the_lock_still_make_one_session(gate, api_for, monkeypatch):
    user, row = UserFactory(), make_set(1)
    api = api_for(user)
    insert = held_before(gate, sessions.insert_if_absent)
    monkeypatch.setattr(sessions, "insert_if_absent", insert)

    answers = run_together([lambda: api.post(START, {"question_main_id": row.pk})] * AT_ONCE)

    assert sorted(a.status_code for a in answers) == [200] * (AT_ONCE - 1) + [201]
    assert len({a.json()["id"] for a in answers}) == 1
    assert PracticeMain.objects.filter(user=user).count() == 1
    assert DailyUsage.objects.get(user=user).taken == 1


# "Clean database (no orphaned data)": a start that is torn in the middle


class Torn(Exception):
    pass


def test_a_start_in_two_steps_leaves_an_empty_session_when_the_second_fails():
    user = UserFactory()

    def copy_questions(session_id):
        raise Torn

    with pytest.raises(Torn):
        copy_questions(naive_insert(user))

    assert len(naive_sessions(user)) == 1
    assert run("SELECT 1 FROM naive_question") == []


def test_a_start_that_fails_at_its_last_step_leaves_nothing_and_costs_nothing(api_for, monkeypatch):
    user, row = UserFactory(), make_set(2)
    really = usage.reserve

    def reserve_then_fail(**kwargs):
        really(**kwargs)
        raise Torn

    monkeypatch.setattr(sessions.usage, "reserve", reserve_then_fail)
    assert api_for(user).post(START, {"question_main_id": row.pk}).status_code == 500

    assert not PracticeMain.objects.exists()
    assert not Practice.objects.exists()
    assert not DailyUsage.objects.exists()
    assert not UsageReservation.objects.exists()


def test_rows_without_a_foreign_key_stay_behind_when_their_session_goes():
    session_id = naive_insert(UserFactory())
    run("INSERT INTO naive_question (session_id) VALUES (%s)", session_id)

    run("DELETE FROM naive_session WHERE id = %s", session_id)

    assert run("SELECT session_id FROM naive_question") == [(session_id,)]


def test_the_database_refuses_to_leave_rows_behind():
    session, _ = sessions.start_session(
        user=UserFactory(), question_main_id=make_set(1).pk, now=clock.now()
    )

    with pytest.raises(Exception, match="foreign key constraint"), transaction.atomic():
        run("DELETE FROM practice_practicemain WHERE id = %s", session.pk)

    assert Practice.objects.filter(session_id=session.pk).exists()
