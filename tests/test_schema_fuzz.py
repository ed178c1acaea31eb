"""Whatever a client sends, the answer is a 2xx or a 4xx in the one error shape: never a 5xx.

schemathesis reads /api/schema and sends each operation what fits it and what does not, as a
learner, as staff and as nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories import UserFactory

pytestmark = [pytest.mark.slow]

# Made here, not asked over HTTP: a request needs the database, and collecting has none.
schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
# Django's own handler: config.wsgi would also warm caches and start its web heartbeat.
schema.app = WSGIHandler()
schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
# Answers that are files or pages by design.
NOT_JSON = ("text/csv", "text/markdown", "text/html", "application/vnd.oai.openapi")


AS_DOCUMENTED = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests use the test's own transaction: the server must not close it behind each."""
    heard = (signals.request_started, signals.request_finished)
    for signal in heard:
        signal.disconnect(close_old_connections)
    yield
    for signal in heard:
        signal.connect(close_old_connections)


@pytest.fixture
def tokens(one_connection, db) -> list[str | None]:
    from accounts.services.tokens import issue_token

    learner, staff = UserFactory(plan="premium"), UserFactory(admin=True)
    return [None, *(issue_token(user=user)[1] for user in (learner, staff))]


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_server(case, tokens):
    for token in tokens:
        headers = {"Accept-Encoding": "identity"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        response = case.call(headers=headers)
        assert response.status_code < 500, response.text[:2000]
        if response.status_code >= 400:
            body = json.loads(response.content)
            assert {"error", "code", "fields"} <= set(body), body
        case.validate_response(response, checks=AS_DOCUMENTED)
