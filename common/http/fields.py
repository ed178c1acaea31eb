"""Serializer fields that keep what was sent."""

from rest_framework import serializers


class RawCharField(serializers.CharField):
    """Text exactly as sent: not trimmed, and a number is refused instead of converted."""

    def __init__(self, **kwargs) -> None:  # type: ignore[no-untyped-def]
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data):  # type: ignore[no-untyped-def]
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictIntegerField(serializers.IntegerField):
    """A JSON integer: neither "12" nor 12.0 nor true."""

    def to_internal_value(self, data):  # type: ignore[no-untyped-def]
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)
