"""Inputs of the evaluation API."""

from __future__ import annotations

from rest_framework import serializers


class RetryInput(serializers.Serializer):
    """`provider` "local" asks for the local rubric check instead of Claude."""

    provider = serializers.ChoiceField(choices=["local"], required=False, allow_null=True)
