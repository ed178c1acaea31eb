from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.assessments.clients import bearer


@pytest.fixture
def candidate(db: None) -> Any:
    from tests.assessments.factories import CandidateFactory

    return CandidateFactory()


@pytest.fixture
def hot() -> Iterator[Any]:
    """The hot path, in front of Django's test client."""
    from sessions_app.proctoring.hot.wsgi import HotPath
    from tests.proctoring.roads import leave_to_django

    path = HotPath(leave_to_django)
    yield path
    path.close()


@pytest.fixture
def road(request: pytest.FixtureRequest) -> Callable[[str], APIClient]:
    """`road(token)`: a client by way of the views, or of the hot path (`on_both_roads`)."""
    if getattr(request, "param", "views") == "views":
        return bearer
    from tests.proctoring.roads import client_of

    return partial(client_of, request.getfixturevalue("hot"))


@pytest.fixture
def api(candidate: Any, road: Callable[[str], APIClient]) -> APIClient:
    """The candidate's own client."""
    from tests.assessments.factories import token_for

    return road(token_for(candidate))


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


@pytest.fixture
def echo(db: None) -> Any:
    from tests.proctoring.coding import make_question

    return make_question("echo")


@pytest.fixture
def second(db: None) -> Any:
    from tests.proctoring.coding import make_question

    return make_question("second")
