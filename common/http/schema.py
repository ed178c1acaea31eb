"""What /api/schema says of several operations alike: pages of lists, keys against doing things
twice, and the one error shape."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

PAGING = [
    OpenApiParameter("page_size", OpenApiTypes.INT, description="1 to 200, default 50."),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="Taken from `next`."),
]
IDEMPOTENCY = [
    OpenApiParameter(
        "Idempotency-Key",
        {"type": "string", "minLength": 1, "maxLength": 200},
        OpenApiParameter.HEADER,
        description="Printable text. The same request with the same key is carried out once.",
    ),
    OpenApiParameter(
        "Idempotency-Replayed",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        response=True,
        description="`true`: this is the answer of the first request with this key.",
    ),
]
ERROR = {
    "type": "object",
    "description": "Every refusal. Under /api/test-session and /api/candidates also `success`: "
    "false; 429 adds `limit`, `used` and `resets_at`.",
    "required": ["error", "code", "fields"],
    "properties": {
        "error": {"type": "string", "description": "A sentence for a person."},
        "code": {"type": "string", "description": "A word for a program."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
METHODS = {"get", "post", "put", "patch", "delete"}


class Schema(AutoSchema):
    """DRF's DEFAULT_SCHEMA_CLASS."""

    def map_parsers(self) -> list[str]:
        """Where any content type is read as JSON, `application/json`: generators of clients leave
        an operation out whose body is `*/*`."""
        return ["application/json" if kind == "*/*" else kind for kind in super().map_parsers()]

    def get_override_parameters(self) -> list[Any]:
        method = getattr(self.view, self.method.lower())
        return IDEMPOTENCY if getattr(method, "takes_key", False) else []


def page_of(name: str, item: type[serializers.BaseSerializer]) -> Any:
    """A page of a list, as `common.http.pagination` answers."""
    fields = {"results": item(many=True), "next": serializers.URLField(allow_null=True)}
    return inline_serializer(name, fields)


def say_errors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular: whatever is refused has the shape `Error`."""
    result["components"].setdefault("schemas", {})["Error"] = ERROR
    for path in result["paths"].values():
        for method in METHODS & path.keys():
            _say_errors_of(path[method]["responses"])
    return result


def _say_errors_of(responses: dict[str, Any]) -> None:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    responses.setdefault("default", {"description": "Refused; `error` says why."})
    for status, response in responses.items():
        if status == "default" or status >= "400":
            response.setdefault("content", content)
