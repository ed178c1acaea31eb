"""What all other tests rely on: real servers, no network, no crosstalk."""

import os
import socket

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from tests.factories import UserFactory
from tests.services import on_sqlite
from tests.threads import run_together


def test_the_owner_has_a_real_token(api, owner):
    assert api.get("/api/auth/me").json()["user_id"] == owner.pk


def test_without_a_token_nobody_is_anyone(anonymous_api):
    assert anonymous_api.get("/api/auth/me").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_eight_threads_share_one_database(api_for):
    client = api_for(UserFactory())

    replies = run_together([lambda: client.get("/api/auth/me")] * 8)

    assert [reply.status_code for reply in replies] == [200] * 8


def test_the_network_is_out_of_reach():
    with pytest.raises(AssertionError, match="may not reach the network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.django_db
def test_postgresql_and_valkey_are_real_unless_sqlite_was_asked_for():
    assert connection.vendor == ("sqlite" if on_sqlite() else "postgresql")
    cache.set("word", "kept")
    assert cache.get("word") == "kept"


@pytest.mark.parametrize("round_", [1, 2])
def test_the_cache_starts_empty(round_):
    assert cache.get("left behind") is None
    cache.set("left behind", round_)


def test_each_process_of_a_run_has_a_valkey_number_of_its_own():
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if on_sqlite() or not worker:
        pytest.skip("one process, or no Valkey")

    assert settings.CACHES["default"]["LOCATION"].endswith(f"/{int(worker[2:]) + 1}")
    assert settings.CACHES["default"]["LOCATION"] == settings.REDIS_URL
