"""The specific issues of practice-diagnostics.md, in pairs: the naive way shows the fault, ours cannot.

Both ways are held open at the very moment of the race: a gate lets nobody go on before all have
read. Here issues 1 to 3; `test_specific_issues_at_once` has the fourth, and torn starts.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache

from accounts.models import DailyUsage, UsageReservation
from accounts.services import usage
from common import clock
from practice.models import Practice, PracticeMain
from practice.services import sessions
from sessions_app.interviews.models import PracticeSession
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
    # All have looked for a session before one makes it: no lock, nothing but the database.
    insert = held_before(gate, sessions.insert_if_absent)
    monkeypatch.setattr(sessions, "insert_if_absent", insert)

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
    monkeypatch.setattr(usage, "limit_for", held_before(gate, usage.limit_for))

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


def test_a_count_that_a_nightly_job_resets_refuses_requests_that_come_before_it():
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
