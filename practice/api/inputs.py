"""What the practice API takes: shape and single fields, no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.http.fields import RawCharField, RowIdField
from practice.models import QuestionMain, SessionStatus

MAX_ANSWER = 50_000
MAX_VERSION = 2**31 - 1


class SessionQueryInput(serializers.Serializer):
    user_id = RowIdField()
    question_main_id = RowIdField()
    status = serializers.ChoiceField(
        choices=SessionStatus.choices, default=SessionStatus.PRACTICING
    )


class StartInput(serializers.Serializer):
    question_main_id = RowIdField()


class StatusInput(serializers.Serializer):
    status = serializers.ChoiceField(choices=[(SessionStatus.COMPLETED, "Completed")])


class DraftInput(serializers.Serializer):
    """`active_seconds`: counted by the page since its last save, bounded by wall time."""

    answer_text = RawCharField(allow_blank=True, max_length=MAX_ANSWER)
    base_version = serializers.IntegerField(min_value=0, max_value=MAX_VERSION)
    active_seconds = serializers.IntegerField(min_value=0, max_value=86_400, required=False)


class SubmissionInput(serializers.Serializer):
    answer_text = RawCharField(
        max_length=MAX_ANSWER, error_messages={"blank": "Write an answer first."}
    )
    base_version = serializers.IntegerField(min_value=0, max_value=MAX_VERSION, required=False)
    active_seconds = serializers.IntegerField(min_value=0, max_value=86_400, required=False)


class BoardInput(serializers.Serializer):
    """`scene` is Excalidraw's: an object with a list of `elements`."""

    scene = serializers.DictField()
    base_version = serializers.IntegerField(min_value=0, max_value=MAX_VERSION)

    def validate_scene(self, value: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(value.get("elements", []), list):
            raise serializers.ValidationError("elements must be a list.")
        return value


class SetFilterInput(serializers.Serializer):
    category = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    difficulty = serializers.ChoiceField(
        choices=QuestionMain.Difficulty.choices, required=False, allow_blank=True, default=""
    )
    search = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class QuestionFilterInput(serializers.Serializer):
    category = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    search = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class HistoryFilterInput(SetFilterInput):
    question_main_id = RowIdField(required=False)
