from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.services.tokens import issue_token
from tests.factories import UserFactory
from tests.proctoring.factories import CandidateFactory, token_for


def bearer(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def candidate(db):
    return CandidateFactory()


@pytest.fixture
def api(candidate) -> APIClient:
    """The candidate's own client."""
    return bearer(token_for(candidate))


@pytest.fixture
def staff_api(db) -> APIClient:
    return bearer(issue_token(user=UserFactory(staff=True), name="test")[1])


@pytest.fixture
def learner_api(db) -> APIClient:
    return bearer(issue_token(user=UserFactory(), name="test")[1])


@pytest.fixture
def url(candidate) -> Callable[[str], str]:
    """`url("heartbeat")` is the candidate's own heartbeat path."""

    def path(verb: str = "") -> str:
        return f"/api/test-session/{candidate.pk}" + (f"/{verb}" if verb else "")

    return path


@pytest.fixture
def started(api, candidate) -> dict[str, Any]:
    reply = api.post("/api/test-session", {"candidate_id": str(candidate.pk)})
    assert reply.status_code == 201, reply.content
    return reply.json()["session"]
