"""Serializer fields that keep what was sent."""

from datetime import MAXYEAR, MINYEAR

from rest_framework import serializers

from common.text import LARGEST_INTEGER, is_blank


class RawCharField(serializers.CharField):
    """Text exactly as sent: not trimmed, and a number is refused instead of converted. Where it
    is required, text that cannot be seen is blank."""

    def __init__(self, **kwargs) -> None:  # type: ignore[no-untyped-def]
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data):  # type: ignore[no-untyped-def]
        if not isinstance(data, str):
            self.fail("invalid")
        if not self.allow_blank and is_blank(data):
            self.fail("blank")
        return super().to_internal_value(data)


class RowIdField(serializers.IntegerField):
    """An id of a row, as a number or its digits; one that no row can have is refused."""

    def __init__(self, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(min_value=1, max_value=LARGEST_INTEGER, **kwargs)


class StrictIntegerField(serializers.IntegerField):
    """A JSON integer: neither "12" nor 12.0 nor true."""

    def to_internal_value(self, data):  # type: ignore[no-untyped-def]
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class MomentField(serializers.DateTimeField):
    """A moment that has a date in every zone: none of the first and last day of the calendar."""

    def to_internal_value(self, value):  # type: ignore[no-untyped-def]
        moment = super().to_internal_value(value)
        if not MINYEAR < moment.year < MAXYEAR:
            self.fail("overflow")
        return moment
