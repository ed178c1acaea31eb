"""What a call of the API does not pay for, and what it gets all the same."""

from __future__ import annotations

import logging

import psycopg
import pytest
from django.db import connection

from accounts.models import ApiToken

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has no server that could leave"
)


def test_a_token_costs_one_statement(api, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert api.get("/api/sessions").status_code == 200


def test_a_token_counts_and_the_sign_in_beside_it_does_not(api, owner, stranger):
    api.cookies.clear()
    api.force_login(stranger)
    signed_in = api.cookies

    assert api.get("/api/auth/me").json()["user_id"] == owner.pk
    ApiToken.objects.all().delete()
    assert api.get("/api/auth/me").status_code == 401
    assert api.cookies is signed_in


def test_a_page_may_still_call_with_its_sign_in(client, owner):
    client.force_login(owner)

    assert client.get("/api/auth/me").json()["user_id"] == owner.pk
    assert client.get("/api/auth/me", HTTP_AUTHORIZATION="Basic eDp5").status_code == 200
    assert client.post("/api/sessions", {}, content_type="application/json").status_code == 201


def test_a_page_without_its_csrf_token_may_not_write(owner):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)

    assert strict.post("/api/sessions", {}, content_type="application/json").status_code == 403


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/*", "text/html"])
def test_what_is_accepted_is_weighed_as_ever(api, accept):
    answer = api.get("/api/auth/me", HTTP_ACCEPT=accept)

    assert answer.status_code == (406 if accept == "text/html" else 200)
    assert answer["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("path", ["/api/auth/me", "/api/v1/skills"])
def test_the_policy_is_that_of_every_answer_without_a_nonce(api, client, path):
    with_token, without = api.get(path), client.get(path)

    names = {part.split()[0] for part in with_token["Content-Security-Policy"].split("; ")}
    assert {"default-src", "script-src", "frame-ancestors"} <= names
    assert "nonce" not in with_token["Content-Security-Policy"]
    assert sorted(with_token["Content-Security-Policy"].split("; ")) == sorted(
        without["Content-Security-Policy"].split("; ")
    )


def test_the_docs_are_a_page_for_every_caller(api):
    answer = api.get("/api/docs")

    assert answer.status_code == 200
    assert "style-src 'self' 'unsafe-inline'" in answer["Content-Security-Policy"]


def test_a_request_is_one_line_in_the_log(api, owner, caplog):
    logger = logging.getLogger("etude.request")
    with caplog.at_level(logging.INFO, logger="etude.request"):
        answer = api.get("/api/auth/me?x=1")

    lines = [record.msg for record in caplog.records if record.name == logger.name]
    assert len(lines) == 1
    assert lines[0]["request"] == "GET /api/auth/me?x=1"
    assert (lines[0]["code"], lines[0]["user_id"]) == (200, owner.pk)
    assert lines[0]["request_id"] == answer["X-Request-ID"]
    assert lines[0]["ms"] > 0


@on_postgresql
def test_a_connection_is_alive_while_its_server_is_silent(django_assert_max_num_queries):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")

    with django_assert_max_num_queries(0):
        assert connection.is_usable()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_noticed_before_it_is_used(api):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with psycopg.connect(connection.connection.info.dsn, password="", autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            pass

    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    connection.close_if_health_check_failed()
    assert api.get("/api/auth/me").status_code == 200
