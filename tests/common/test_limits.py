"""Counting in the cache: windows end, are not made longer by trying on, and lose no use."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

from common.limits import Rate, TooOften, forget, give_back, refuse_too_often, take
from config.env import env
from tests import NOW
from tests.threads import run_together

THREE = Rate(3, 60)


def test_what_is_over_waits_until_the_window_ends_however_often_it_tries():
    waits = [take("x", THREE, now=NOW + timedelta(seconds=n)) for n in range(6)]
    assert waits == [0, 0, 0, 57, 56, 55]


def test_one_given_back_can_be_used_again_and_none_is_made_by_it():
    for _ in range(3):
        take("x", THREE, now=NOW)
    give_back("x", THREE)
    assert [take("x", THREE, now=NOW) > 0 for _ in range(2)] == [False, True]
    forget("x", THREE)
    give_back("x", THREE)
    assert [take("x", THREE, now=NOW) > 0 for _ in range(4)] == [False, False, False, True]


def test_names_do_not_share_a_window():
    for _ in range(4):
        take("x", THREE, now=NOW)
    assert take("y", THREE, now=NOW) == 0


def test_uses_at_the_same_moment_cannot_outrun_the_count(db):
    waits = run_together([lambda: take("x", THREE, now=NOW)] * 12)
    assert sorted(wait > 0 for wait in waits) == [False] * 3 + [True] * 9


def test_a_cache_that_is_emptied_lets_through_and_fails_nobody(monkeypatch):
    take("x", THREE, now=NOW)
    monkeypatch.setattr(cache, "add", lambda *_, **__: False)
    cache.clear()
    assert take("x", THREE, now=NOW) == 0


def test_a_refusal_says_when_to_come_back():
    with pytest.raises(TooOften) as refused:
        for _ in range(4):
            refuse_too_often("x", [Rate(9, 3600), Rate(3, 240)], words="Slowly.", now=NOW)
    assert refused.value.message == "Slowly. Try again in 4 minutes."
    assert refused.value.headers == {"Retry-After": "240"}
    assert refused.value.extra["resets_at"] == "2026-11-23T12:04:00Z"


@pytest.mark.parametrize("text", ["20", "0/m", "5/x", "5/5m;6/d", "", "a/m"])
def test_a_rate_that_is_none_stops_the_start(monkeypatch, text):
    monkeypatch.setenv("LIMIT_TRIED", text)
    if text:
        with pytest.raises(ImproperlyConfigured, match="LIMIT_TRIED must be like 5/m"):
            env.rates("LIMIT_TRIED", "5/m")


def test_a_rate_is_read_in_seconds(monkeypatch):
    monkeypatch.setenv("LIMIT_TRIED", "20/15m, 100/d")
    assert env.rates("LIMIT_TRIED", "5/m") == [Rate(20, 900), Rate(100, 86400)]
