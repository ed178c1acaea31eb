"""What the schema says about answers that several views share."""

from __future__ import annotations

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from sessions_app.proctoring.api import output
from sessions_app.proctoring.states import Method, Status

SESSION_REPLY = inline_serializer(
    "TestSessionReply",
    {
        "success": serializers.BooleanField(),
        "session": output.SessionOutput(),
        "server_time": serializers.DateTimeField(),
    },
)
STATE_REPLY = inline_serializer(
    "TestSessionState",
    {
        "success": serializers.BooleanField(),
        "status": serializers.ChoiceField(Status.choices),
        "completion_method": serializers.ChoiceField(Method.choices, allow_null=True),
        "completed_at": serializers.DateTimeField(allow_null=True),
        "deadline": serializers.DateTimeField(),
        "server_time": serializers.DateTimeField(),
    },
)
