"""Shapes of what clients send; rules about state and size stand in the services."""

from __future__ import annotations

import re
from typing import Any

import orjson
from django.core.validators import RegexValidator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from common.errors import Invalid
from common.http.fields import MomentField, RawCharField, StrictIntegerField
from common.http.json import JSONParser, NestedTooDeep
from sessions_app.assessments.rules import LANGUAGE_NAMES, MAX_MINUTES
from sessions_app.proctoring.selectors.lists import CANDIDATE_STATES
from sessions_app.proctoring.states import COMPLETE_METHODS, Method

LARGEST_SEQUENCE = 2**53
# One is stored with each answer, so its bytes count: printable ASCII.
TAB_ID = re.compile(r"^[ -~]{0,100}\Z")


class AnyTypeJSONParser(JSONParser):
    """JSON whatever the content type says: a beat may come without one."""

    media_type = "*/*"


class BeaconParser(AnyTypeJSONParser):
    """`navigator.sendBeacon` sets no headers of its own; an unreadable body counts as empty. JSON
    nested too deep is refused here as everywhere: no page sends it."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            body = super().parse(stream, media_type, parser_context)
        except NestedTooDeep:
            raise
        except (ParseError, Invalid):
            return {}
        return body if isinstance(body, dict) else {}


class Sender(serializers.Serializer):
    """Which tab sent this, and its running number within the tab."""

    tab_id = RawCharField(
        source="tab",
        max_length=100,
        default="",
        allow_blank=True,
        validators=[RegexValidator(TAB_ID, "Must be at most 100 printable ASCII characters.")],
    )
    sequence = StrictIntegerField(
        min_value=0, max_value=LARGEST_SEQUENCE, allow_null=True, default=None
    )


class StaffReason(serializers.Serializer):
    """What staff must say, who act for a candidate; it stays in the log of the test."""

    reason = RawCharField(max_length=300, default="", allow_blank=True)


@extend_schema_serializer(component_name="StartTest")
class StartInput(StaffReason, Sender):
    candidate_id = serializers.UUIDField()
    test_duration_minutes = StrictIntegerField(
        source="asked_minutes", min_value=1, max_value=MAX_MINUTES, allow_null=True, default=None
    )

    def validate_candidate_id(self, value: Any) -> Any:
        if not isinstance(self.initial_data["candidate_id"], str):  # DRF takes numbers, too
            raise serializers.ValidationError("Must be a valid UUID.")
        return value


@extend_schema_field(OpenApiTypes.OBJECT)
class AnswersField(serializers.Field):
    """`{key: text | {"code", "language"} | null}`; a key has at most 100 characters."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Must be an object.")
        errors = []
        for key, value in data.items():
            if len(key) > 100:
                errors.append(f"{key[:20]}…: a key has at most 100 characters.")
            elif value is not None and not isinstance(value, (str, dict)):
                errors.append(f"{key}: must be text, an object or null.")
        if errors:
            raise serializers.ValidationError(errors[:20])
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class ProgressInput(Sender):
    sections_completed = serializers.ListField(
        source="sections", child=RawCharField(max_length=100), default=list, max_length=200
    )
    pending_answers = AnswersField(source="answers", default=dict)


class CompleteInput(StaffReason):
    completion_method = serializers.ChoiceField(sorted(COMPLETE_METHODS), default=Method.MANUAL)


class AbandonInput(serializers.Serializer):
    completion_method = serializers.ChoiceField([Method.TAB_CLOSE], default=Method.TAB_CLOSE)
    tab_id = serializers.JSONField(default=None)
    sequence = serializers.JSONField(default=None)
    reason = serializers.JSONField(default="", help_text="What staff must say.")

    def validate_reason(self, value: Any) -> str:
        return value if isinstance(value, str) else ""

    def validate_tab_id(self, value: Any) -> str:
        """A beacon is not sent again, so an invalid tab id is dropped instead of refused."""
        return value if isinstance(value, str) and TAB_ID.match(value) else ""

    def validate_sequence(self, value: Any) -> int | None:
        good = isinstance(value, int) and not isinstance(value, bool)
        return value if good and 0 <= value <= LARGEST_SEQUENCE else None


class EventInput(serializers.Serializer):
    type = RawCharField(max_length=40)
    at = MomentField(allow_null=True, default=None)
    detail = serializers.JSONField(allow_null=True, default=None)

    def validate_detail(self, value: Any) -> dict[str, Any]:
        if value is None:
            return {}
        detail = value if isinstance(value, dict) else {"value": value}
        if len(orjson.dumps(detail)) > 2048:
            raise serializers.ValidationError("At most 2 KiB.")
        return detail


class EventsInput(serializers.Serializer):
    events = serializers.ListField(child=EventInput(), max_length=50)


class RunInput(serializers.Serializer):
    """`input` absent or null: the samples; a text, also an empty one: that input."""

    language = serializers.ChoiceField(list(LANGUAGE_NAMES))
    code = RawCharField(allow_blank=True)
    input = RawCharField(source="text", allow_blank=True, allow_null=True, default=None)


class RescoreInput(serializers.Serializer):
    question = serializers.UUIDField(allow_null=True, default=None)

    def validate_question(self, value: Any) -> Any:
        if value is not None and not isinstance(self.initial_data["question"], str):
            raise serializers.ValidationError("Must be a valid UUID.")  # DRF takes numbers, too
        return value


class ScoresQuery(serializers.Serializer):
    format = serializers.ChoiceField(["json", "csv"], default="json")


class CandidatesQuery(serializers.Serializer):
    """`search`: each word is part of the name or of the address."""

    assessment = serializers.UUIDField(default=None)
    status = serializers.ChoiceField(CANDIDATE_STATES, required=False)
    search = RawCharField(max_length=200, default="", allow_blank=True)
