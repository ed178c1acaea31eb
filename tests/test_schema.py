"""The schema says what is there, without a warning, and how everything can be refused."""

from __future__ import annotations

import json

import pytest
import yaml
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

from tests.counting import calls_of

METHODS = {"get", "post", "put", "patch", "delete"}


def test_it_is_valid_and_made_without_a_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "s.yaml"))


def test_every_operation_says_what_a_refusal_looks_like():
    schema = SchemaGenerator().get_schema(request=None, public=True)

    assert set(schema["components"]["schemas"]["Error"]["required"]) == {"error", "code", "fields"}
    for path, operations in schema["paths"].items():
        for method in METHODS & operations.keys():
            refused = operations[method]["responses"]["default"]["content"]["application/json"]
            assert refused["schema"]["$ref"].endswith("/Error"), (method, path)


@pytest.mark.parametrize("path", ["/api/sessions", "/api/v1/skills", "/api/v1/practice-history"])
def test_lists_are_documented_as_pages(path):
    schema = SchemaGenerator().get_schema(request=None, public=True)
    answer = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    name = answer["schema"]["$ref"].rsplit("/", 1)[1]

    assert set(schema["components"]["schemas"][name]["required"]) == {"results", "next"}


def test_only_bodies_of_kinds_that_generators_of_clients_know():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    kinds = {
        kind
        for operations in schema["paths"].values()
        for method in METHODS & operations.keys()
        for kind in operations[method].get("requestBody", {}).get("content", {})
    }
    assert kinds == {"application/json", "multipart/form-data"}


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("?format=json", "*/*", "application/json"),
        ("?format=json", "application/yaml", "application/json"),
        ("?format=yaml", "application/json", "application/yaml"),
        ("", "application/json", "application/json"),
        ("", "*/*", "application/vnd.oai.openapi"),
    ],
)
@pytest.mark.django_db
def test_it_comes_as_json_or_as_yaml(client, query, accept, kind):
    answer = client.get(f"/api/schema{query}", headers={"accept": accept})

    assert answer.status_code == 200
    assert answer["Content-Type"].split(";")[0] == kind
    read = json.loads if kind.endswith("json") else yaml.safe_load
    assert read(answer.content)["info"]["title"] == "Etude API"


@pytest.mark.django_db
def test_another_format_is_refused(client):
    answer = client.get("/api/schema?format=xml")

    assert answer.status_code == 400
    assert answer.json()["fields"] == {"format": ["Must be json or yaml."]}


def test_the_schema_is_made_once_whoever_asks(client):
    """It takes a second of work, and asks for no account."""
    for query, kind in (("", "application/vnd.oai.openapi"), ("?format=json", "json")):
        first = client.get(f"/api/schema{query}")
        assert first.status_code == 200 and kind in first["Content-Type"]
        assert calls_of(lambda query=query: client.get(f"/api/schema{query}")) < 20_000
        assert client.get(f"/api/schema{query}").content == first.content
    assert client.get("/api/schema?format=json").json()["openapi"].startswith("3.")
