"""The specific issues of practice-diagnostics.md, in pairs: the naive way shows the fault, ours cannot.

The naive ways live here alone, on tables that exist only for these tests. Both ways are held open
at the very moment of the race: a gate lets nobody go on before all have read.
"""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from accounts.models import DailyUsage, UsageReservation
from accounts.services import usage
from common import clock, locks
from practice.models import Practice, PracticeMain
from practice.services import sessions
from sessions_app.interviews.models import PracticeSession
from tests.factories import UserFactory
from tests.practice.factories import make_set
from tests.services import on_sqlite
from tests.threads import run_together

pytestmark = [
    pytest.mark.skipif(on_sqlite(), reason="SQLite lets one transaction write at a time"),
    pytest.mark.django_db(transaction=True),
]
AT_ONCE = 8
START = "/api/v1/practice-main"
TABLES = """
CREATE TABLE naive_session (id serial PRIMARY KEY, user_id bigint, set_id bigint);
CREATE TABLE naive_question (id serial PRIMARY KEY, session_id bigint);
CREATE TABLE naive_usage (user_id bigint PRIMARY KEY, tests_used_today int, reset_on date);
"""


@pytest.fixture(autouse=True)
def naive_tables(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE naive_session, naive_question, naive_usage")


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def naive_sessions(user):
    return run("SELECT id FROM naive_session WHERE user_id = %s", user.pk)


def naive_insert(user, set_id=1):
    return run("INSERT INTO naive_session (user_id, set_id) VALUES (%s, %s) RETURNING id",
               user.pk, set_id)[0][0]  # fmt: skip


@pytest.fixture
def gate():
    """Everybody waits here until all have come; who was refused on the way breaks the test."""
    return threading.Barrier(AT_ONCE, timeout=20)


def held_after(gate, function):
    """The function, but its caller goes on only when all callers have had their answer."""

    def held(*args, **kwargs):
        answer = function(*args, **kwargs)
        gate.wait()
        return answer

    return held


# 1. Ghost session creation: several empty sessions for one action


def test_looking_for_a_session_and_then_making_one_makes_ghosts(gate):
    user = UserFactory()

    def look_then_insert():
        if not naive_sessions(user):
            gate.wait()
            naive_insert(user)

    run_together([look_then_insert] * AT_ONCE)

    assert len(naive_sessions(user)) == AT_ONCE


def test_of_starts_that_all_have_seen_nothing_one_makes_the_session_and_all_get_it(
    gate, monkeypatch
):
    user, row = UserFactory(), make_set(2)
    # Read between looking for a session and making it: no lock, nothing but the database.
    monkeypatch.setattr(sessions, "_questions_of", held_after(gate, sessions._questions_of))

    answers = run_together(
        [
            lambda: sessions.start_session(
                user=user, question_main_id=row.pk, now=clock.now()
            )
        ]
        * AT_ONCE
    )  # fmt: skip

    assert [made for _, made in answers].count(True) == 1
    assert {session.pk for session, _ in answers} == {PracticeMain.objects.get(user=user).pk}
    assert Practice.objects.count() == 2
    assert DailyUsage.objects.get(user=user).taken == 1


# 2. Test limit inaccuracy, first half: counts that do not count


def test_reading_a_count_and_writing_it_back_loses_uses(gate):
    user = UserFactory()
    run("INSERT INTO naive_usage VALUES (%s, 0, CURRENT_DATE)", user.pk)

    def read_then_write():
        ((used,),) = run("SELECT tests_used_today FROM naive_usage")
        gate.wait()
        if used < 3:
            run("UPDATE naive_usage SET tests_used_today = %s", used + 1)
            naive_insert(user)

    run_together([read_then_write] * AT_ONCE)

    assert run("SELECT tests_used_today FROM naive_usage") == [(1,)]
    assert len(naive_sessions(user)) == AT_ONCE


def test_of_uses_that_all_have_read_the_limit_exactly_three_are_taken(gate, monkeypatch):
    user = UserFactory()
    monkeypatch.setattr(usage, "limit_for", held_after(gate, usage.limit_for))

    def take(subject):
        return usage.reserve(
            user=user,
            kind="practice_start",
            subject_kind="practice_main",
            subject_id=subject,
            now=clock.now(),
        )

    answers = run_together([lambda n=n: take(n) for n in range(AT_ONCE)])

    assert [type(a).__name__ for a in answers].count("UsageReservation") == 3
    assert [type(a).__name__ for a in answers].count("DailyLimitReached") == AT_ONCE - 3
    assert DailyUsage.objects.get(user=user).taken == 3
    assert UsageReservation.objects.filter(user=user).count() == 3


# 2. Test limit inaccuracy, second half: "limit reached" before anything was used


def test_a_count_that_a_nightly_job_resets_refuses_whoever_comes_before_it():
    user = UserFactory()
    run("INSERT INTO naive_usage VALUES (%s, 3, CURRENT_DATE - 1)", user.pk)

    ((used,),) = run("SELECT tests_used_today FROM naive_usage WHERE user_id = %s", user.pk)

    assert used >= 3, "refused, with nothing used today"


def test_yesterdays_uses_are_never_looked_at_and_no_job_resets_them(api_for):
    user, row = UserFactory(), make_set(1)
    yesterday = clock.now().date() - timedelta(days=1)
    DailyUsage.objects.create(user=user, day=yesterday, kind="practice_start", taken=3)

    answer = api_for(user).post(START, {"question_main_id": row.pk})

    assert answer.status_code == 201
    assert DailyUsage.objects.filter(user=user).count() == 2


# 3. Network error handling: the answer is lost, the client tries again


def test_trying_again_after_a_lost_answer_creates_twice():
    user = UserFactory()

    def create_and_lose_the_answer():
        naive_insert(user)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        create_and_lose_the_answer()
    naive_insert(user)

    assert len(naive_sessions(user)) == 2


def test_trying_again_with_the_same_key_gets_the_lost_answer(api_for):
    api = api_for(UserFactory())
    key = {"HTTP_IDEMPOTENCY_KEY": "one action of one person"}

    lost = api.post("/api/sessions", {}, **key)
    again = run_together([lambda: api.post("/api/sessions", {}, **key)] * AT_ONCE)

    assert lost.status_code == 201
    assert {a.content for a in again} == {lost.content}
    assert {a.headers["Idempotency-Replayed"] for a in again} == {"true"}
    assert PracticeSession.objects.count() == 1


def test_a_session_remembered_in_the_cache_fails_to_load_once_it_is_over():
    user = UserFactory()
    cache.set(f"naive:{user.pk}", naive_insert(user))
    run("DELETE FROM naive_session WHERE user_id = %s", user.pk)

    remembered = cache.get(f"naive:{user.pk}")

    assert remembered is not None
    assert not run("SELECT id FROM naive_session WHERE id = %s", remembered)


def test_a_session_is_read_from_the_database_and_is_right_the_moment_it_changes(api_for):
    user, row = UserFactory(), make_set(1)
    api = api_for(user)
    where = {"user_id": user.pk, "question_main_id": row.pk}
    first = api.post(START, {"question_main_id": row.pk}).json()["id"]
    assert api.get(START, where).json()["id"] == first

    assert api.patch(f"{START}/{first}", {"status": "completed"}).status_code == 200

    assert api.get(START, where).status_code == 404
    assert api.get(START, {**where, "status": "completed"}).json()["id"] == first
    second = api.post(START, {"question_main_id": row.pk}).json()["id"]
    assert api.get(START, where).json()["id"] == second != first


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
    monkeypatch.setattr(sessions, "_questions_of", held_after(gate, sessions._questions_of))

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
