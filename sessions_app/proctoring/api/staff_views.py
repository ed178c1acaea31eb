"""What is staff's: lists that show what is and apply nothing, figures, and invitations."""

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
from common.http.pagination import NewestFirst
from sessions_app.proctoring.api import inputs, output
from sessions_app.proctoring.api.authentication import STAFF_AUTHENTICATION
from sessions_app.proctoring.models import Candidate, ProctoredSession
from sessions_app.proctoring.policies import get_candidate_for
from sessions_app.proctoring.querysets import SessionQuerySet
from sessions_app.proctoring.selectors.sessions import analytics
from sessions_app.proctoring.services.candidates import create_candidate, invite


class SessionPages(NewestFirst):
    ordering = ("-test_start_time", "-candidate_id")

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"success": True, "sessions": data, "next": self.get_next_link()})


class StaffView(APIView):
    permission_classes = [IsAdminUser]
    authentication_classes = STAFF_AUTHENTICATION


LIST_REPLY = inline_serializer(
    "TestSessionList",
    {
        "success": serializers.BooleanField(),
        "sessions": serializers.ListField(child=serializers.DictField()),
        "next": serializers.URLField(allow_null=True),
    },
)


class SessionListView(StaffView):
    def listed(self, sessions: SessionQuerySet) -> Response:
        now, pages = clock.now(), SessionPages()
        rows = pages.paginate_queryset(sessions.with_beats(), self.request, view=self)
        return pages.get_paginated_response([output.list_row(row, now=now) for row in rows or []])


class ActiveView(SessionListView):
    @extend_schema(responses=LIST_REPLY)
    def get(self, request: Request) -> Response:
        return self.listed(ProctoredSession.objects.active())


class AbandonedView(SessionListView):
    """Abandoned tests, and active ones without a beat for 5 minutes, marked `overdue`."""

    @extend_schema(responses=LIST_REPLY)
    def get(self, request: Request) -> Response:
        return self.listed(ProctoredSession.objects.abandoned_or_overdue_at(clock.now()))


class AnalyticsView(StaffView):
    @extend_schema(
        responses=inline_serializer(
            "TestSessionAnalytics",
            {
                "success": serializers.BooleanField(),
                "avg_minutes": serializers.FloatField(allow_null=True),
                "by_status": serializers.ListField(child=serializers.DictField()),
                "by_method": serializers.ListField(child=serializers.DictField()),
                "by_assessment": serializers.ListField(child=serializers.DictField()),
                "voided": serializers.IntegerField(),
            },
        )
    )
    def get(self, request: Request) -> Response:
        figures = analytics()
        by_method = [{"method": row["completion_method"], **row} for row in figures.by_method]
        return Response(
            {
                "success": True,
                "avg_minutes": figures.avg_minutes,
                "by_status": figures.by_status,
                "by_method": by_method,
                "by_assessment": figures.by_assessment,
                "voided": figures.voided,
            }
        )


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
