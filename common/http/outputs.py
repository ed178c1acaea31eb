"""Outputs: one frozen dataclass per answer, which is the JSON and the schema.

    @dataclass(frozen=True)
    class ScoreOutput:
        \"\"\"What the schema says of it.\"\"\"

        status: Annotated[str, Evaluation.Status]
        score: Annotated[float | None, {"min_value": 0, "help_text": "Null unless scored."}]
        quotes: list[QuoteOutput]
        raw: dict[str, Any]

`common.http.json` writes it; `schema_of(ScoreOutput)` is the serializer for `@extend_schema`. An
annotation may carry choices, keyword arguments of the DRF field, or the field itself
(`Annotated[str, serializers.URLField()]`). All fields are always written.
"""

from __future__ import annotations

import functools
import inspect
from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

from drf_spectacular.utils import extend_schema_serializer, inline_serializer
from rest_framework import serializers
from rest_framework_dataclasses.field_utils import TypeInfo
from rest_framework_dataclasses.serializers import DataclassSerializer

T = TypeVar("T")


class OutputSerializer(DataclassSerializer):
    """What the schema needs beyond the library: nested outputs by name, free JSON, choices."""

    serializer_field_mapping = {
        **DataclassSerializer.serializer_field_mapping,
        object: serializers.JSONField,
    }

    def build_typed_field(
        self, field_name: str, type_info: TypeInfo, extra_kwargs: dict[str, Any]
    ) -> tuple[type[serializers.Field], dict[str, Any]]:
        if type_info.base_type is Any:
            type_info.base_type = object
        kind, options = super().build_typed_field(field_name, type_info, extra_kwargs)
        return (serializers.ChoiceField if "choices" in extra_kwargs else kind), options

    def build_dataclass_field(
        self, field_name: str, type_info: TypeInfo
    ) -> tuple[type[serializers.Field], dict[str, Any]]:
        return schema_of(type_info.base_type), {}


def filled(output: type[T], row: Any, **given: Any) -> T:
    """An output with what is given, and for the rest the row's attributes of the same names."""
    names = [field.name for field in fields(output) if field.name not in given]  # type: ignore[arg-type]
    return output(**given, **{name: getattr(row, name) for name in names})


@functools.cache
def schema_of(output: type) -> type[serializers.Serializer]:
    """The serializer that describes an output dataclass at /api/schema, under the same name."""
    hints = get_type_hints(output, include_extras=True)
    declared = {
        name: extra
        for name, hint in hints.items()
        for extra in getattr(hint, "__metadata__", ())
        if isinstance(extra, serializers.Field)
    }
    options = {
        name: {"required": True, **_options(hint)}
        for name, hint in hints.items()
        if name not in declared
    }
    meta = type("Meta", (), {"dataclass": output, "extra_kwargs": options})
    made = type(output.__name__, (OutputSerializer,), {**declared, "Meta": meta})
    # `dataclass` makes up a docstring from the signature, which is no description.
    doc = inspect.cleandoc(output.__doc__ or "")
    described = "" if doc.startswith(f"{output.__name__}(") else doc
    return extend_schema_serializer(component_name=output.__name__, description=described)(made)


def _options(hint: Any) -> dict[str, Any]:
    """What an annotation carries: an enumeration's choices, or keyword arguments of the field."""
    options: dict[str, Any] = {}
    for extra in getattr(hint, "__metadata__", ()):
        options |= extra if isinstance(extra, dict) else {"choices": extra.choices}
    return options


@functools.cache
def page_of(output: type) -> Any:
    """The schema of a page of outputs, as `common.http.pagination` answers."""
    page = {
        "results": schema_of(output)(many=True),
        "next": serializers.URLField(allow_null=True),
    }
    return inline_serializer(output.__name__.removesuffix("Output") + "Page", page)
