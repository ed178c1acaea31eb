"""Inputs of the API of diagnoses."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.http.fields import RowIdField

MOST_CHECKS = 200


class StrictBooleanField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class DiagnosisQuery(serializers.Serializer):
    checks = serializers.CharField(
        required=False, allow_blank=True, help_text="Names, comma-separated"
    )
    user_id = serializers.RegexField(r"^[0-9]{1,18}$", required=False)


class RepairInput(serializers.Serializer):
    """Plans and changes nothing unless `dry_run` is false; `run_id` applies an earlier plan."""

    dry_run = StrictBooleanField(default=True)
    checks = serializers.ListField(
        child=serializers.CharField(max_length=64), max_length=MOST_CHECKS, required=False
    )
    run_id = serializers.UUIDField(required=False)
    user_id = RowIdField(required=False)
