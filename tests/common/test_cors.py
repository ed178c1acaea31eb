"""Scripts of other sites: named origins alone, with every header that docs/api.md names, and told
why whenever they are refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from drf_spectacular.generators import SchemaGenerator

from tests.factories import UserFactory

FRIEND = "https://friend.example"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "api.md"
# What browsers let scripts send and read of any site, and what is about the connection alone.
ALWAYS = {"content-type", "content-length", "cache-control", "content-encoding"}


@pytest.fixture(autouse=True)
def friend(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = [FRIEND]


def words(text: str | None) -> set[str]:
    return {word.strip().lower() for word in (text or "").split(",")}


@pytest.mark.django_db
def test_other_sites_may_call_the_api_only_when_they_are_named(client):
    def allowed(origin: str) -> str | None:
        answer = client.get("/api/auth/me", headers={"origin": origin})
        assert "Access-Control-Allow-Credentials" not in answer
        return answer.get("Access-Control-Allow-Origin")

    assert allowed(FRIEND) == FRIEND
    for origin in ("https://other.example", "https://friend.example.evil.example", "null"):
        assert allowed(origin) is None


def headers_of_schema(*, sent: bool) -> set[str]:
    """Of all operations: those of requests, or those of answers."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    operations = [operation for methods in paths.values() for operation in methods.values()]
    if sent:
        said = [one for operation in operations for one in operation.get("parameters", [])]
        return {one["name"].lower() for one in said if one["in"] == "header"}
    answers = [answer for operation in operations for answer in operation["responses"].values()]
    return {name.lower() for answer in answers for name in answer.get("headers", {})}


def headers_of_docs() -> set[str]:
    """What docs/api.md names: in code, each word with a capital, two of them at least."""
    named = re.findall(r"[`'\"]((?:[A-Z][A-Za-z]*-)+[A-Z][A-Za-z]*)[`:]", DOCS.read_text())
    return {name.lower() for name in named}


@pytest.mark.django_db
def test_every_documented_header_may_be_sent_or_read(client):
    preflight = client.options(
        "/api/v1/skills",
        headers={"origin": FRIEND, "access-control-request-method": "POST"},
    )
    answer = client.get("/api/nothing", headers={"origin": FRIEND})
    allowed = words(preflight["Access-Control-Allow-Headers"])
    exposed = words(answer["Access-Control-Expose-Headers"])

    assert {"authorization", "content-type", "accept"} <= allowed
    assert headers_of_schema(sent=True) >= {"idempotency-key"}
    assert headers_of_schema(sent=True) <= allowed
    assert headers_of_schema(sent=False) == {"idempotency-replayed"}
    assert headers_of_schema(sent=False) | {"www-authenticate", "content-disposition"} <= exposed
    assert headers_of_docs() >= {"x-request-id", "retry-after", "idempotency-key"}
    assert headers_of_docs() <= allowed | exposed | ALWAYS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 429, 503])
def test_a_refusal_of_any_kind_may_be_read(status, api, client, settings, monkeypatch):
    ask = {
        400: lambda: api.post("/api/v1/skills", {}, headers=ORIGIN),
        401: lambda: client.get("/api/v1/skills", headers=ORIGIN),
        403: lambda: api.get("/api/candidates", headers=ORIGIN),
        404: lambda: api.get("/api/v1/skills/12345", headers=ORIGIN),
        405: lambda: api.put("/api/v1/skills", {}, headers=ORIGIN),
        409: lambda: doubled(api),
        413: lambda: too_large(api, settings),
        415: lambda: api.post("/api/v1/skills", {}, headers={**ORIGIN, "content-encoding": "gzip"}),
        429: lambda: too_often(client),
        503: lambda: without_database(api, monkeypatch),
    }
    answer = ask[status]()

    assert answer.status_code == status, answer.content
    assert answer["Access-Control-Allow-Origin"] == FRIEND
    assert {"retry-after", "x-request-id"} <= words(answer["Access-Control-Expose-Headers"])


ORIGIN = {"origin": FRIEND}


def doubled(api: Any) -> Any:
    api.post("/api/v1/skills", {"name": "React"})
    return api.post("/api/v1/skills", {"name": "React"}, headers=ORIGIN)


def too_large(api: Any, settings: Any) -> Any:
    settings.MAX_UPLOAD_BYTES = 10
    return api.post("/api/v1/skills", {"name": "React"}, headers=ORIGIN)


def too_often(client: Any) -> Any:
    wrong = {"username": UserFactory().username, "password": "not-this-one"}
    for _ in range(20):
        answer = client.post("/api/auth/token", wrong, "application/json", headers=ORIGIN)
        if answer.status_code != 401:
            break
    return answer


def without_database(api: Any, monkeypatch: Any) -> Any:
    def refuse(*_: Any, **__: Any) -> Any:
        raise OperationalError("connection refused")

    monkeypatch.setattr("accounts.api.authentication.BearerAuthentication.authenticate", refuse)
    return api.get("/api/v1/skills", headers=ORIGIN)
