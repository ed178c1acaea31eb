"""Inputs of the interview API: shape and single fields, as interview-sessions.md has them."""

from __future__ import annotations

import uuid
from typing import Any

from rest_framework import serializers

from common.http.fields import RawCharField, StrictIntegerField
from sessions_app.interviews import rules
from sessions_app.interviews.models import LONGEST_TIMER, SHORTEST_TIMER, PracticeSession
from sessions_app.interviews.policies import parse_session_id


class SessionIdField(serializers.CharField):
    """A UUID in its canonical 36 characters; as a number or in another spelling it is refused."""

    default_error_messages = {"not_uuid": "Must be a UUID."}

    def to_internal_value(self, data: Any) -> uuid.UUID:  # type: ignore[override]
        parsed = parse_session_id(data) if isinstance(data, str) else None
        if parsed is None:
            self.fail("not_uuid")
        return parsed  # type: ignore[return-value]


class InterviewSessionInput(serializers.Serializer):
    id = SessionIdField(required=False, source="session_id")
    category_filter = RawCharField(required=False, allow_null=True, max_length=50)
    mode = serializers.ChoiceField(
        choices=PracticeSession.Mode.choices, default=PracticeSession.Mode.STANDARD
    )
    timer_minutes = StrictIntegerField(
        required=False, allow_null=True, min_value=SHORTEST_TIMER, max_value=LONGEST_TIMER
    )
    asks_back = serializers.BooleanField(
        default=False,
        help_text="Up to three questions after each answer; always in a mock interview, never in "
        "rapid fire.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["mode"] == PracticeSession.Mode.TIMED and not attrs.get("timer_minutes"):
            missing = ["A timed session needs timer_minutes."]
            raise serializers.ValidationError({"timer_minutes": missing})
        return attrs


class AttemptInput(serializers.Serializer):
    """`answer_text` is counted as sent, in code points, spaces at its ends included."""

    question_id = StrictIntegerField()
    session_id = SessionIdField(required=False)
    answer_text = RawCharField(min_length=rules.SHORTEST_ANSWER, max_length=rules.LONGEST_ANSWER)
    time_spent_sec = StrictIntegerField(
        required=False, allow_null=True, min_value=0, max_value=rules.LONGEST_TIME_SPENT
    )
    self_rating = StrictIntegerField(
        required=False, allow_null=True, min_value=1, max_value=5, default=None
    )

    def validate_session_id(self, value: uuid.UUID) -> uuid.UUID:
        if value != parse_session_id(self.context["session_id"]):
            raise serializers.ValidationError("This is not the session in the address.")
        return value


class RatingInput(serializers.Serializer):
    self_rating = StrictIntegerField(min_value=1, max_value=5)


class InterviewBeatInput(serializers.Serializer):
    """`question_id`: whose draft's version the page wants to hear; with `attempt_id` and
    `follow_up`, the number of a question that was asked back, that of its reply."""

    question_id = StrictIntegerField(required=False, allow_null=True, default=None)
    attempt_id = StrictIntegerField(required=False, allow_null=True, default=None)
    follow_up = StrictIntegerField(required=False, allow_null=True, default=None)


class InterviewDraftInput(serializers.Serializer):
    answer_text = RawCharField(allow_blank=True, max_length=rules.LONGEST_ANSWER)
    base_version = StrictIntegerField(min_value=0)


class ReplyInput(serializers.Serializer):
    answer_text = RawCharField(max_length=rules.LONGEST_ANSWER)
