"""A real server that imitates Claude's, for every test that goes through the SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.evaluation import loopback


@pytest.fixture
def server(settings: Any) -> Iterator[loopback.Loopback]:
    """Claude is chosen and answers at once; patience is long, for machines that are busy."""
    server = loopback.Loopback()
    settings.EVALUATION_PROVIDER = "claude"
    settings.ANTHROPIC_API_KEY = "only-for-tests"
    settings.ANTHROPIC_BASE_URL = server.url
    settings.CLAUDE_TIMEOUT_SECONDS = 30.0
    yield server
    server.close()


@pytest.fixture
def notified(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of the evaluations whose subject was notified of a verdict."""
    from evaluation import subjects

    calls: list[int] = []
    monkeypatch.setitem(subjects._registered, "practice_submission", lambda e: calls.append(e.pk))
    return calls


@pytest.fixture
def evaluation(server: loopback.Loopback) -> Any:
    from common import clock
    from tests.evaluation.factories import make_evaluation
    from tests.factories import UserFactory

    return make_evaluation(owner=UserFactory(), now=clock.now())
