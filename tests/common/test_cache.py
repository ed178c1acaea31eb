"""What lies in the cache is data: nothing that somebody else wrote there is ever run."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from common.cache import MemoryCache
from config.celery import app

needs_redis = pytest.mark.skipif(not settings.REDIS_URL, reason="in memory nobody else can write")
VALUES: list[Any] = [None, True, 0, -3, 2**40, 1.5, "", "Zoë", "12", [1, "a"], {"a": [None, 2.5]}]


class Poison:
    """Unpickled, it makes a file."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> Any:
        return Path.touch, (self.proof,)


@pytest.fixture(params=["configured", "memory"])
def store(request) -> Any:
    return cache if request.param == "configured" else MemoryCache("tests", {})


@needs_redis
def test_a_poisoned_value_runs_nothing_and_is_missing(tmp_path):
    proof = tmp_path / "it-ran"
    shared: Any = cache
    server = shared.client.get_client()
    server.set(shared.make_key("poisoned"), pickle.dumps(Poison(proof)))
    assert server.exists(shared.make_key("poisoned"))

    assert cache.get("poisoned", "nothing") == "nothing"
    assert cache.get_many(["poisoned"]) == {}
    assert cache.get_or_set("poisoned", lambda: "made anew") == "made anew"
    assert cache.get("poisoned") == "made anew"
    assert not proof.exists()
    pickle.loads(pickle.dumps(Poison(proof)))  # the poison itself works
    assert proof.exists()


@needs_redis
def test_what_stands_in_the_server_is_json():
    cache.set("seen", {"a": [1, "b"]})
    shared: Any = cache
    assert shared.client.get_client().get(shared.make_key("seen")) == b'{"a":[1,"b"]}'


def test_values_come_back_as_they_were(store):
    for value in VALUES:
        store.set("value", value)
        assert (store.get("value", "missing"), type(store.get("value"))) == (value, type(value))
    store.set("pair", (1, 2))
    assert store.get("pair") == [1, 2]


def test_what_would_come_back_as_something_else_is_refused(store):
    for value in (datetime.now(UTC), b"bytes", {1: "a"}, {"a", "b"}, object()):
        with pytest.raises(TypeError):
            store.set("value", value)


def test_counters_and_firsts_work_alike(store):
    assert store.add("count", 1)
    assert not store.add("count", 7)
    assert store.incr("count") == 2
    assert store.get("count") == 2
    assert store.get("absent") is None
    assert store.get_many(["count", "absent"]) == {"count": 2}


def test_a_worker_refuses_messages_that_are_not_json(tmp_path):
    proof = tmp_path / "it-ran"
    kind, encoding, body = dumps(Poison(proof), serializer="pickle")

    with pytest.raises(ContentDisallowed):
        loads(body, kind, encoding, accept=app.conf.accept_content)
    assert not proof.exists()
    assert app.conf.task_serializer == app.conf.result_serializer == "json"


def test_login_sessions_and_messages_are_json_too():
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")
