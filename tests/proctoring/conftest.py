from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.assessments.clients import bearer


@pytest.fixture
def candidate(db: None) -> Any:
    from tests.assessments.factories import CandidateFactory

    return CandidateFactory()


@pytest.fixture
def api(candidate: Any) -> APIClient:
    """The candidate's own client."""
    from tests.assessments.factories import token_for

    return bearer(token_for(candidate))


@pytest.fixture
def learner_api(db: None, api_for: Callable[[Any], APIClient]) -> APIClient:
    from tests.factories import UserFactory

    return api_for(UserFactory())


@pytest.fixture
def url(candidate: Any) -> Callable[..., str]:
    """`url("heartbeat")` is the candidate's own heartbeat path."""

    def path(verb: str = "") -> str:
        return f"/api/test-session/{candidate.pk}" + (f"/{verb}" if verb else "")

    return path


@pytest.fixture
def started(api: APIClient, candidate: Any) -> dict[str, Any]:
    reply = api.post("/api/test-session", {"candidate_id": str(candidate.pk)})
    assert reply.status_code == 201, reply.content
    return reply.json()["session"]
