"""A database that is away is said in words, on pages too, and half of nothing is written."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError


@pytest.fixture
def away(client, owner, monkeypatch):
    """The first thing that a page reads is the session; the real error of a refused connection."""
    client.force_login(owner)

    def refuse(store: SessionStore) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(SessionStore, "load", refuse)
    return client


@pytest.mark.parametrize("path", ["/dashboard", "/practice", "/account", "/api/v1/skills", "/"])
def test_who_is_signed_in_sees_503_and_when_to_come_back(away, path):
    away.raise_request_exception = False

    answer = away.get(path)

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert b"The database cannot be reached." in answer.content
