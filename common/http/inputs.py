"""Inputs: DRF serializers for shape and single fields, read by one function."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.errors import Invalid


def checked(kind: type[serializers.Serializer], data: Any, **context: Any) -> dict[str, Any]:
    """The validated data, or the contract's 400 with `fields`."""
    if not hasattr(data, "get"):
        sentence = "The body must be a JSON object."
        raise Invalid(sentence, fields={"non_field_errors": [sentence]})
    serializer = kind(data=data, context=context)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
