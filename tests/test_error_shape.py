"""Every refusal under /api has one shape, for every caller and every error."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

OPEN_TO_ALL = {"/api/auth/token", "/api/schema", "/api/docs"}
WRITES = {"post", "put", "patch"}


def operations() -> list[tuple[str, str]]:
    """(method, path) of everything in the schema, the ids filled with some that nobody has."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return [
        (method, filled(path, operation))
        for path, methods in sorted(paths.items())
        for method, operation in methods.items()
    ]


def filled(path: str, operation: dict[str, Any]) -> str:
    for parameter in operation.get("parameters", []):
        is_uuid = parameter["schema"].get("format") == "uuid"
        unknown = str(uuid.UUID(int=7)) if is_uuid else "999999999"
        path = path.replace("{" + parameter["name"] + "}", unknown)
    return path


def assert_shape(answer: Any, path: str) -> None:
    assert answer["Content-Type"].startswith("application/json"), answer.content[:200]
    body = answer.json()
    assert {"error", "code", "fields"} <= set(body)
    assert isinstance(body["error"], str) and body["error"]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", body["code"])
    assert isinstance(body["fields"], dict)
    if path.startswith(("/api/test-session", "/api/candidates")):
        assert body["success"] is False


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), operations())
def test_nobody_is_asked_to_sign_in(method, path):
    if path in OPEN_TO_ALL:
        pytest.skip("open to all")
    answer = Client(raise_request_exception=False).generic(
        method.upper(), path, "{}", content_type="application/json"
    )
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert_shape(answer, path)


@pytest.mark.parametrize(("method", "path"), [o for o in operations() if o[0] in WRITES])
@pytest.mark.parametrize(
    "body", [b'{"broken', b"[1]", b'"text"', b"\xff\xfe", b'{"a": "\\u0000"}', b"null"]
)
def test_a_body_that_makes_no_sense_is_a_4xx(api, method, path, body):
    answer = api.generic(method.upper(), path, body, content_type="application/json")

    if 200 <= answer.status_code < 300:
        assert not re.search(b"[{]", body), "a broken body was taken"
        return
    assert 400 <= answer.status_code < 500
    assert_shape(answer, path)


@pytest.mark.parametrize(("method", "path"), [o for o in operations() if o[0] in WRITES])
def test_a_body_that_is_too_large_is_a_413(api, method, path):
    body = b'{"a": "' + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 10) + b'"}'

    answer = api.generic(method.upper(), path, body, content_type="application/json")

    assert answer.status_code in {404, 413, 403}
    assert_shape(answer, path)


@pytest.mark.parametrize("path", sorted({path for _, path in operations()} - {"/api/docs"}))
def test_a_method_that_is_not_there_is_405(api, path):
    answer = api.generic("TRACE", path, "")

    assert answer.status_code in {405, 404, 403}
    assert_shape(answer, path)


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/api/v1/skills/",
        "/api/v1/skills/abc",
        "/api/v1/practice-main/0x1",
        "/api/v1/evaluations/99999999999999999999999999",
        "/api/sessions/not-a-uuid",
        "/api/test-session/not-a-uuid",
        "/api/",
    ],
)
def test_what_is_not_there_is_404(api, path):
    answer = api.get(path)

    assert answer.status_code == 404
    assert_shape(answer, path)


@pytest.mark.parametrize("path", ["/api/v1/skills?cursor=zzz", "/api/v1/skills?page_size=x"])
def test_a_list_asked_for_badly_is_never_a_5xx(api, path):
    answer = api.get(path)

    assert answer.status_code in {200, 400, 404}
