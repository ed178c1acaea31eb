from __future__ import annotations

from rest_framework import serializers

from common.http.fields import RawCharField, StrictIntegerField
from sessions_app.assessments.models import Assessment
from sessions_app.assessments.rules import MAX_MINUTES


class CandidateInput(serializers.Serializer):
    name = RawCharField(max_length=200)
    email = serializers.EmailField(max_length=254)
    assessment_id = serializers.PrimaryKeyRelatedField(
        source="assessment",
        queryset=Assessment.objects.all(),
        allow_null=True,
        default=None,
        pk_field=serializers.UUIDField(),
    )
    extra_minutes = StrictIntegerField(min_value=0, max_value=MAX_MINUTES, default=0)
