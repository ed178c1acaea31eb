from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import BearerAuthentication, PageSessionAuthentication
from common import clock
from common.clock import iso
from sessions_app.assessments.api.authentication import CandidateAuthentication
from sessions_app.assessments.policies import get_candidate_for
from sessions_app.proctoring.pulse import pulse
from sessions_app.proctoring.services.settling import settle


class CandidateView(APIView):
    """A view of one test: finds its candidate (404 for strangers) and applies what is due."""

    authentication_classes = [
        CandidateAuthentication,
        BearerAuthentication,
        PageSessionAuthentication,
    ]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        pulse.ensure()
        self.now = clock.now()
        if "candidate_id" in kwargs:
            self.candidate = get_candidate_for(request.user, kwargs["candidate_id"])
            settle(candidate_id=self.candidate.pk, now=self.now)

    def checked(self, serializer: type[serializers.Serializer]) -> dict[str, Any]:
        data = serializer(data=self.request.data)
        data.is_valid(raise_exception=True)
        return data.validated_data

    def reply(self, **body: Any) -> Response:
        return Response({"success": True, **body, "server_time": iso(self.now)})
