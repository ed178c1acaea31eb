"""Staff invite candidates."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from sessions_app.assessments.api import inputs
from sessions_app.assessments.api.authentication import STAFF_AUTHENTICATION
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.policies import get_candidate_for
from sessions_app.assessments.services.candidates import create_candidate, invite


class StaffView(APIView):
    permission_classes = [IsAdminUser]
    authentication_classes = STAFF_AUTHENTICATION


class CandidatesView(StaffView):
    """Staff invite somebody: the answer holds the token and the link, shown this once."""

    @extend_schema(
        request=inputs.CandidateInput,
        responses={
            201: inline_serializer(
                "CandidateReply",
                {
                    "success": serializers.BooleanField(),
                    "candidate_id": serializers.UUIDField(),
                    "id": serializers.UUIDField(),
                    "access_token": serializers.CharField(),
                    "start_url": serializers.URLField(),
                },
            )
        },
    )
    def post(self, request: Request) -> Response:
        data = inputs.CandidateInput(data=request.data)
        data.is_valid(raise_exception=True)
        return self.create(request, data.validated_data)

    @idempotent(
        on_store=lambda data: {"candidate_id": data["candidate_id"]},
        on_replay=lambda request, data: _signed_anew(request, data["candidate_id"]),
    )
    def create(self, request: Request, wanted: dict[str, Any]) -> Response:
        assessment = wanted.pop("assessment_id")
        candidate = create_candidate(**wanted, assessment=assessment)
        return Response(_candidate_body(request, candidate), status=201)


def _signed_anew(request: Request, candidate_id: str) -> dict[str, Any]:
    return _candidate_body(request, get_candidate_for(request.user, candidate_id))


def _candidate_body(request: Request, candidate: Candidate) -> dict[str, Any]:
    invitation = invite(candidate=candidate, now=clock.now())
    return {
        "success": True,
        "candidate_id": str(candidate.pk),
        "id": str(candidate.pk),
        "access_token": invitation.token,
        "start_url": request.build_absolute_uri(invitation.path),
    }
