"""Staff invite candidates."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent, takes_key
from common.http.inputs import checked
from common.http.outputs import schema_of
from common.http.permissions import HasRight
from sessions_app.assessments.api.authentication import STAFF_AUTHENTICATION
from sessions_app.assessments.api.inputs import CandidateInput
from sessions_app.assessments.api.outputs import InvitationOutput
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.policies import INVITE, get_candidate_for
from sessions_app.assessments.services.candidates import create_candidate, show_link


class StaffView(APIView):
    """Views for staff; `right` is the permission, which the console checks as well."""

    right: str
    permission_classes = [HasRight]
    authentication_classes = STAFF_AUTHENTICATION


class CandidatesView(StaffView):
    """Staff invite a candidate: the response holds the token and the link, shown this once."""

    right = INVITE

    @extend_schema(request=CandidateInput, responses={201: schema_of(InvitationOutput)})
    @takes_key
    def post(self, request: Request) -> Response:
        return self.create(request, checked(CandidateInput, request.data))

    @idempotent(
        on_store=lambda invitation: {"candidate_id": invitation.candidate_id},
        on_replay=lambda request, stored: _signed(
            request, get_candidate_for(request.user, stored["candidate_id"])
        ),
    )
    def create(self, request: Request, wanted: dict[str, Any]) -> Response:
        return Response(_signed(request, create_candidate(**wanted)), status=201)


def _signed(request: Request, candidate: Candidate) -> InvitationOutput:
    invitation = show_link(candidate=candidate, now=clock.now())
    return InvitationOutput(
        candidate_id=candidate.pk,
        id=candidate.pk,
        access_token=invitation.token,
        start_url=request.build_absolute_uri(invitation.path),
    )
