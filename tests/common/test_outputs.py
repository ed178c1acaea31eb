"""An output dataclass is the JSON and the schema."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db import models
from django.urls import path
from django.utils.safestring import SafeString
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from common.http.json import JSONRenderer
from common.http.outputs import page_of, schema_of


class Color(models.TextChoices):
    RED = "red", "Red"


@dataclass(frozen=True)
class PartOutput:
    number: int


@dataclass(frozen=True)
class ThingOutput:
    """One thing."""

    key: uuid.UUID
    name: str
    color: Annotated[str, Color]
    score: Annotated[float | None, {"min_value": 0, "help_text": "Null unless scored."}]
    at: datetime | None
    part: PartOutput | None
    link: Annotated[str, serializers.URLField()]
    parts: list[PartOutput]
    raw: dict[str, Any]
    anything: Any
    marked: bool = False


class ThingView(APIView):
    @extend_schema(responses={200: schema_of(ThingOutput), 201: page_of(ThingOutput)})
    def get(self, request) -> Response:
        raise NotImplementedError


def components() -> dict[str, Any]:
    generator = SchemaGenerator(patterns=[path("api/things", ThingView.as_view())])
    return generator.get_schema(request=None, public=True)["components"]["schemas"]


def test_every_field_is_required_and_none_is_nullable():
    thing = components()["ThingOutput"]
    nullable = {name for name, field in thing["properties"].items() if field.get("nullable")}

    assert thing["description"] == "One thing."
    assert set(thing["required"]) == set(ThingOutput.__dataclass_fields__)
    assert nullable >= {"score", "at", "part"}
    assert not nullable & {"key", "name", "color", "parts", "raw", "marked"}


def test_fields_say_what_their_annotations_carry():
    known = components()
    fields = known["ThingOutput"]["properties"]

    assert fields["score"]["minimum"] == 0
    assert fields["score"]["description"] == "Null unless scored."
    assert fields["link"] == {"type": "string", "format": "uri"}
    assert known["ColorEnum"]["enum"] == ["red"]
    assert fields["parts"]["items"]["$ref"].endswith("/PartOutput")
    assert fields["raw"] == {"type": "object", "additionalProperties": {}}
    assert fields["anything"].keys() <= {"nullable"}


def test_a_dataclass_without_a_docstring_has_no_description():
    assert "description" not in components()["PartOutput"]


def test_a_page_is_named_after_what_it_holds():
    page = components()["ThingPage"]

    assert set(page["required"]) == {"results", "next"}
    assert page["properties"]["results"]["items"]["$ref"].endswith("/ThingOutput")


def test_it_is_written_as_json():
    key = uuid.uuid4()
    thing = ThingOutput(
        key=key,
        name=SafeString("a"),
        color=Color.RED,
        score=None,
        at=datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC),
        part=None,
        link="https://example.com/a",
        parts=[PartOutput(1)],
        raw={"a": Decimal("1.5")},
        anything=(1, "b"),
    )

    assert json.loads(JSONRenderer().render([thing])) == [
        {
            "key": str(key),
            "name": "a",
            "color": "red",
            "score": None,
            "at": "2026-03-01T12:00:00.000005Z",
            "part": None,
            "link": "https://example.com/a",
            "parts": [{"number": 1}],
            "raw": {"a": "1.5"},
            "anything": [1, "b"],
            "marked": False,
        }
    ]
