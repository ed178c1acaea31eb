"""The naive ways of practice-diagnostics.md's issues, on tables that exist for these tests alone."""

from __future__ import annotations

from django.db import connection

AT_ONCE = 8
START = "/api/v1/practice-main"
TABLES = """
CREATE TABLE naive_session (id serial PRIMARY KEY, user_id bigint, set_id bigint);
CREATE TABLE naive_question (id serial PRIMARY KEY, session_id bigint);
CREATE TABLE naive_usage (user_id bigint PRIMARY KEY, tests_used_today int, reset_on date);
"""


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def naive_sessions(user):
    return run("SELECT id FROM naive_session WHERE user_id = %s", user.pk)


def naive_insert(user, set_id=1):
    return run("INSERT INTO naive_session (user_id, set_id) VALUES (%s, %s) RETURNING id",
               user.pk, set_id)[0][0]  # fmt: skip


def held_before(gate, function):
    """The function, but it begins only when all callers have come to it."""

    def held(*args, **kwargs):
        gate.wait()
        return function(*args, **kwargs)

    return held
