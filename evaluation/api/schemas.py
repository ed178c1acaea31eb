"""Shapes for the API's documentation, and the inputs it takes."""

from __future__ import annotations

from rest_framework import serializers

from evaluation.models import Evaluation

LEVELS = ("met", "partial", "missed")
BANDS = ("weak", "partial", "strong")


class QuoteSchema(serializers.Serializer):
    text = serializers.CharField()
    start = serializers.IntegerField(help_text="Offset in code points of the answer.")
    end = serializers.IntegerField()


class KeyPointSchema(serializers.Serializer):
    title = serializers.CharField()
    level = serializers.ChoiceField(choices=LEVELS)
    quotes = QuoteSchema(many=True)
    board = serializers.ListField(child=serializers.CharField())


class ObservationSchema(serializers.Serializer):
    group = serializers.ChoiceField(choices=("framework", "structure"))
    title = serializers.CharField()
    found = serializers.BooleanField()
    quote = QuoteSchema(allow_null=True)


def score(about: str) -> serializers.FloatField:
    return serializers.FloatField(
        allow_null=True, min_value=0, max_value=10, help_text=f"{about}, 0–10; null unless scored."
    )


class EvaluationSchema(serializers.Serializer):
    evaluation_id = serializers.IntegerField()
    id = serializers.IntegerField()
    user = serializers.IntegerField()
    kind = serializers.CharField()
    status = serializers.ChoiceField(choices=Evaluation.Status.choices)
    stage = serializers.CharField(allow_null=True)
    hold = serializers.CharField(allow_null=True)
    provider = serializers.ChoiceField(choices=Evaluation.Provider.choices)
    model = serializers.CharField(allow_null=True)
    band = serializers.ChoiceField(choices=BANDS, allow_null=True)
    overall_score = score("Coverage estimate (local) or weighted findings (Claude)")
    framework_score = score("Share of the framework's steps seen")
    structure_score = score("Share of the structure's steps seen")
    completeness_score = score("Weighted share of key points met, a partial one counts half")
    strengths = serializers.ListField(child=serializers.CharField())
    improvements = serializers.ListField(child=serializers.CharField())
    suggested_framework = serializers.CharField(allow_null=True)
    example_point = serializers.CharField(allow_null=True)
    key_points = KeyPointSchema(many=True)
    observations = ObservationSchema(many=True)
    board_notes = serializers.ListField(child=serializers.CharField())
    withheld_reason = serializers.CharField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    error_code = serializers.CharField(allow_null=True)
    statement = serializers.CharField(allow_null=True)
    tries = serializers.IntegerField()
    next_try_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class RetryInput(serializers.Serializer):
    """`provider` "local" asks for the local rubric check instead of Claude."""

    provider = serializers.ChoiceField(choices=["local"], required=False, allow_null=True)
